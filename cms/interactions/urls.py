from django.urls import path

from cms.interactions.views import comments, own, polls

app_name = "interactions"
urlpatterns = [
    path("comments/<int:page_id>/", comments.comments, name="comments"),
    path("comments/<int:page_id>/list/", comments.comment_list, name="comment_list"),
    path("comments/<int:page_id>/state/", comments.state, name="comment_state"),
    path("comments/<int:page_id>/thread/<int:root>/", comments.thread, name="thread"),
    path("comment/<int:pk>/edit/", own.edit, name="edit"),
    path("comment/<int:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("comment/<int:pk>/appeal/", own.appeal, name="appeal"),
    path("comment/<int:pk>/like/", own.like, name="like"),
    path("comment/<int:pk>/report/", own.report, name="report"),
    path("my/comments/", own.mine, name="mine"),
    path("polls/<int:poll_id>/vote/", polls.vote, name="vote"),
    path("polls/<int:poll_id>/receipt/", polls.receipt, name="receipt"),
    path("polls/<int:poll_id>/receipts.txt", polls.receipts, name="receipts"),
]
