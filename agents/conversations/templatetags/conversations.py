"""Template helpers of the conversation screens."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from actions.segments import segments
from agents.conversations import pages, sending
from agents.conversations.models import Conversation
from agents.conversations.speed import duration
from agents.core.templatetags.ui import icon

register = template.Library()

CHANNEL_ICONS = {"voice": "phone", "sms": "smartphone", "chat": "message-square"}
STATE_TONES = {
    "handed_off": "ok",
    "ringing": "warn",
    "waiting": "warn",
    "staff": "info",
    "open": "accent",
}


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
