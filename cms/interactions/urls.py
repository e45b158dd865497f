from django.urls import path

from cms.interactions.views import comments, polls

app_name = "interactions"
urlpatterns = [
    path("comments/<int:page_id>/", comments.comments, name="comments"),
    path("polls/<int:poll_id>/vote/", polls.vote, name="vote"),
    path("polls/<int:poll_id>/receipt/", polls.receipt, name="receipt"),
    path("polls/<int:poll_id>/receipts.txt", polls.receipts, name="receipts"),
]
