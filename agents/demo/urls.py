"""Routes of the welcome page and the demo business."""

from django.urls import path

from agents.demo import views

app_name = "demo"
urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/demo/", views.make, name="make"),
    path("welcome/progress/", views.progress, name="progress"),
    path("welcome/demo/remove/", views.remove_demo, name="remove"),
]
