"""Addresses of a person's own pages. They stand before allauth's, whose phone page is extended."""

from django.urls import path

from cms.members.views import data, notices, phone, profile

app_name = "members"
urlpatterns = [
    path("accounts/phone/change/", phone.PhoneView.as_view()),
    path("privacy/", profile.privacy, name="privacy"),
    path("my/", profile.home, name="home"),
    path("my/profile/", profile.profile, name="profile"),
    path("my/phone/", phone.phone, name="phone"),
    path("my/consent/", profile.consent, name="consent"),
    path("my/consents/<slug:kind>/", profile.switch, name="switch"),
    path("my/unsubscribe/<str:token>/", profile.unsubscribe, name="unsubscribe"),
    path("my/messages/", notices.notices, name="messages"),
    path("my/data/", data.data, name="data"),
    path("my/data/export/", data.export, name="export"),
    path("my/delete/", data.delete, name="delete"),
]
