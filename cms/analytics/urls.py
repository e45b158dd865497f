from django.urls import path

from cms.analytics import views

app_name = "analytics"
urlpatterns = [
    path("-/read/", views.read, name="read"),
    path("-/read.gif", views.read_picture, name="read_picture"),
]
