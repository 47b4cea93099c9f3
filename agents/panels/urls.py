"""Routes of the builder."""

from django.urls import path, re_path

from agents.panels.views import actions, agents, panel, publishing, settings, together

app_name = "panels"

urlpatterns = [
    path("agents/", agents.agents, name="agents"),
    path("agents/new/", agents.new_agent, name="new"),
    path("agents/preview/", panel.template_preview, name="preview"),
    path("agents/<uuid:agent>/", panel.instructions, name="instructions"),
    path("agents/<uuid:agent>/instructions/", panel.save_instructions, name="save_instructions"),
    path("agents/<uuid:agent>/settings/", settings.settings, name="settings"),
    path("agents/<uuid:agent>/settings/<slug:slug>/", settings.section, name="section"),
    path("agents/<uuid:agent>/pause/", agents.pause, name="pause"),
    path("agents/<uuid:agent>/versions/", publishing.versions, name="versions"),
    path("agents/<uuid:agent>/versions/<int:version>/", publishing.restore,
         name="restore_version"),
    path("agents/<uuid:agent>/publish/", publishing.publish, name="publish"),
    path("agents/<uuid:agent>/unpublished/", publishing.unpublished, name="unpublished"),
    path("agents/<uuid:agent>/news/", together.news, name="news"),
    path("agents/<uuid:agent>/library/", together.library_changed, name="library_changed"),
    re_path(r"^agents/(?P<agent>[0-9a-f-]{36})/(?P<way>undo|redo)/$", together.step, name="step"),
    re_path(r"^agents/(?P<agent>[0-9a-f-]{36})/edits/(?P<edit>\d{1,15})/(?P<way>undo|redo)/$",
            publishing.edit, name="edit"),
    path("agents/<uuid:agent>/actions/", actions.add, name="add_action"),
    path("agents/<uuid:agent>/actions/order/", actions.order, name="order"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/", actions.action, name="action"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/move/", actions.move, name="move"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/moment/", actions.moment, name="moment"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/duplicate/", actions.duplicate,
         name="duplicate"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/toggle/", actions.toggle, name="toggle"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/delete/", actions.delete, name="delete"),
    path("agents/<uuid:agent>/actions/<uuid:uid>/restore/", actions.restore, name="restore"),
]  # fmt: skip
