"""Routes of the functions room."""

from django.urls import path

from agents.functions import views

app_name = "functions"

urlpatterns = [
    path("functions/test/", views.test, name="test_new"),
    path("functions/<int:function>/test/", views.test, name="test"),
]
