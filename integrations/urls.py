"""Routes of the Integrations page."""

from django.urls import path

from integrations import views

app_name = "integrations"

urlpatterns = [
    path("integrations/", views.page, name="list"),
    path("integrations/model/", views.model, name="model"),
    path("integrations/model/form/", views.model_form, name="model_form"),
    path("integrations/model/check/", views.check, name="check"),
    path("integrations/model/disconnect/", views.disconnect, name="disconnect"),
]
