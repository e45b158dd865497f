from django.urls import path

from cms.interactions import ids as ids  # <row:…>
from cms.interactions.views import comments, own, polls

app_name = "interactions"
urlpatterns = [
    path("comments/<row:page_id>/", comments.comments, name="comments"),
    path("comments/<row:page_id>/list/", comments.comment_list, name="comment_list"),
    path("comments/<row:page_id>/state/", comments.state, name="comment_state"),
    path("comments/<row:page_id>/thread/<row:root>/", comments.thread, name="thread"),
    path("comment/<row:pk>/edit/", own.edit, name="edit"),
    path("comment/<row:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("comment/<row:pk>/appeal/", own.appeal, name="appeal"),
    path("comment/<row:pk>/like/", own.like, name="like"),
    path("comment/<row:pk>/report/", own.report, name="report"),
    path("my/comments/", own.mine, name="mine"),
    path("polls/<row:poll_id>/vote/", polls.vote, name="vote"),
    path("polls/<row:poll_id>/receipt/", polls.receipt, name="receipt"),
    path("polls/<row:poll_id>/receipts.txt", polls.receipts, name="receipts"),
]
