from django.urls import path

from cms.matrix import views

app_name = "matrix"
urlpatterns = [
    path("channels/wechat/<slug:app_id>/callback", views.wechat_callback, name="wechat_callback"),
    path("channels/<slug:channel>/authorised", views.authorised, name="authorised"),
]
