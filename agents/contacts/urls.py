"""Routes of the contact screens."""

from django.urls import path

from agents.contacts.views import changing, listing, page

app_name = "contacts"

urlpatterns = [
    path("contacts/", listing.contact_list, name="list"),
    path("contacts/<uuid:who>/", page.detail, name="detail"),
    path("contacts/<uuid:who>/timeline/", page.timeline_part, name="timeline"),
    path("contacts/<uuid:who>/notes/", changing.note, name="note"),
    path("contacts/<uuid:who>/label/<slug:field>/", changing.label, name="label"),
    path("contacts/<uuid:who>/consent/", changing.agree, name="consent"),
    path("contacts/<uuid:who>/do/<slug:name>/", changing.act, name="act"),
]
