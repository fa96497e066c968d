from __future__ import annotations

from django.urls import path

from . import company, invitation, people


urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:pk>/", people.member, name="member"),
    path("people/<int:pk>/remove/", people.remove, name="remove_member"),
    path("people/invitations/<int:pk>/revoke/", people.revoke, name="revoke_invitation"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.invitation_link, name="invitation_link"),
    path("company/", company.switch_company, name="switch_company"),
]
