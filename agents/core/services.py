"""Users, one-time links, audit rows, the heartbeat of the queue."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agents.core.models import AuditRow, Heartbeat, LoginLink, Role, User

LINK_HOURS = 72


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ensure_user(*, email: str, role: str | None = None) -> User:
    """The user of this address, made where missing; a given role is set."""
    user, new = User.objects.get_or_create(
        username=email.strip().lower(),
        defaults={"email": email.strip().lower(), "role": role or Role.SUPPORT},
    )
    if new:
        user.set_unusable_password()
    if role:
        user.role = role
    user.is_staff = user.is_superuser = user.role == Role.ADMIN
    user.save()
    return user


def is_last_admin(*, user: User) -> bool:
    """Whether nobody else could still administer the site."""
    admins = User.objects.filter(role=Role.ADMIN, is_active=True)
    return admins.filter(pk=user.pk).exists() and admins.count() == 1


@transaction.atomic
def change_user(*, user: User, changes: dict[str, Any], actor: str) -> User:
    """Change names, time zone, role or access of a user; the last admin stays one."""
    role = changes.get("role", user.role)
    active = changes.get("is_active", user.is_active)
    if is_last_admin(user=user) and not (role == Role.ADMIN and active):
        raise ValueError("There must be at least one admin.")
    before = {name: getattr(user, name) for name in changes}
    for name, value in changes.items():
        setattr(user, name, value)
    user.is_staff = user.is_superuser = role == Role.ADMIN
    user.save(update_fields=[*changes, "is_staff", "is_superuser"])
    audit(
        actor=actor,
        verb="changed",
        kind="user",
        object_id=user.pk,
        label=user.username,
        before=before,
        after=changes,
    )
    return user


@transaction.atomic
def change_password(*, user: User, password: str | None, actor: str) -> User:
    """Set a password that was validated, or None for no password at all."""
    user.set_password(password)
    user.save(update_fields=["password"])
    verb = "took the password of" if password is None else "set the password of"
    audit(actor=actor, verb=verb, kind="user", object_id=user.pk, label=user.username)
    return user


@transaction.atomic
def make_login_link(*, user: User) -> str:
    """A new one-time token for a user, in place of older ones; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    User.objects.select_for_update().get(pk=user.pk)  # two at once: one after the other
    LoginLink.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    until = now + timedelta(hours=LINK_HOURS)
    LoginLink.objects.create(user=user, digest=_digest(token), expires_at=until)
    return token


def usable_link(*, token: str) -> LoginLink | None:
    """The link of a token, while it may be used."""
    links = LoginLink.objects.select_related("user").filter(
        digest=_digest(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    return links.first()


@transaction.atomic
def use_login_link(*, token: str) -> User | None:
    """Use a token up and return its user; a second use returns None."""
    link = usable_link(token=token)
    if link is None:
        return None
    if not LoginLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        return None
    return link.user


def audit(
    *,
    actor: str,
    verb: str,
    kind: str,
    object_id: object,
    label: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditRow:
    """Write down who changed what."""
    return AuditRow.objects.create(
        actor=actor,
        verb=verb,
        object_kind=kind,
        object_id=str(object_id),
        object_label=label[:200],
        before=before or {},
        after=after or {},
        reason=reason,
    )


def ask_for_beat() -> None:
    """The watchdog asked the queue to beat."""
    Heartbeat.objects.update_or_create(name="queue", defaults={"asked_at": timezone.now()})


def beat() -> None:
    """A task went all the way through the queue."""
    Heartbeat.objects.update_or_create(name="queue", defaults={"beat_at": timezone.now()})
