from django.urls import path

from cms.topics import views

app_name = "topics"
urlpatterns = [path("care/<slug:slug>/", views.care, name="care")]
