"""Routes of Home and the report."""

from django.urls import path

from agents.home import views

app_name = "home"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/steps/", views.steps, name="steps"),
    path("home/report/", views.report_page, name="report"),
    path("home/report.csv", views.report_csv, name="report_csv"),
]
