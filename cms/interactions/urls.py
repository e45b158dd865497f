from django.urls import path

from cms.interactions import views

app_name = "interactions"
urlpatterns = [
    path("comments/<int:page_id>/", views.comments, name="comments"),
    path("polls/<int:poll_id>/vote/", views.vote, name="vote"),
]
