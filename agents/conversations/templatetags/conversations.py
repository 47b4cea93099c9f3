"""Template helpers of the conversation screens and of Try it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.segments import segments
from agents.conversations import pages, pane, sending
from agents.conversations.models import Conversation
from agents.conversations.speed import duration
from agents.core.templatetags.ui import icon
from agents.panels.models import Agent

register = template.Library()

CHANNEL_ICONS = {"voice": "phone", "sms": "smartphone", "chat": "message-square"}
STATE_TONES = {
    "handed_off": "ok",
    "ringing": "warn",
    "waiting": "warn",
    "staff": "info",
    "open": "accent",
}


@register.inclusion_tag("tryit/parts/pane.html", takes_context=True)
def tryit_pane(context: Context, agent: Agent) -> dict[str, Any]:
    """The pane at rest, for a page that shows an agent."""
    shown = pane.pane_context(agent, pane.read_setup(agent, {}), None)
    return {"agent": agent, "csrf_token": context.get("csrf_token"), **shown}


@register.filter
def span(milliseconds: float | None) -> str:
    """A duration as people read it."""
    return duration(milliseconds)


@register.filter
def thousands(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}"


@register.filter
def sent_title(item: sending.DeliveryView) -> str:
    """The title without the beginning of a text that stands below it."""
    start, colon, rest = item.title.partition(": ")
    return start if colon and rest and item.text.startswith(rest) else item.title


@register.filter
def sms_size(text: str) -> str:
    """How many parts a message takes, and what made it so."""
    size = segments(text)
    parts = f"{size.count} segment{'s' if size.count != 1 else ''}, {size.encoding}"
    return f"{parts} because of “{size.culprit}”" if size.culprit else parts


@register.simple_tag
def lasted(start: datetime, end: datetime) -> str:
    """How long something took, in the two largest units."""
    seconds = max(0, int((end - start).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


@register.simple_tag
def channel_icon(conversation: Conversation) -> SafeString:
    """The icon of its channel."""
    return icon(CHANNEL_ICONS.get(conversation.channel, "message-circle"))


@register.simple_tag
def channel_words(conversation: Conversation) -> str:
    """Call, SMS or chat, with the direction where it matters."""
    name = pages.CHANNELS.get(conversation.channel, conversation.channel)
    if conversation.channel != "voice":
        return name
    words = f"{conversation.direction.capitalize()} call"
    return f"{words}, attempt {conversation.attempt}" if conversation.attempt > 1 else words


@register.simple_tag
def state_chip(conversation: Conversation) -> SafeString:
    """How it ended, else where it stands."""
    words = conversation.outcome or conversation.get_state_display().lower()
    return format_html(
        '<span class="chip {}">{}</span>', STATE_TONES.get(conversation.state, ""), words
    )
