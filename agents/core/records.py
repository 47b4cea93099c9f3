"""Raw records in the Django admin: read-only, or saved by the services of the screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from pydantic import BaseModel, ValidationError

from agents.core import picks

Row = TypeVar("Row", bound=Model)


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Rows to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made on the screens."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Changed on the screens."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Deleted on the screens."""
        return False


class ServiceAdmin(admin.ModelAdmin[Row]):
    """Rows that are checked by `shape` and written by the services of their room."""

    shape: type[BaseModel]
    save: Callable[..., Row]
    delete: Callable[..., None]
    kind = ""
    key = "pk"

    def get_form(
        self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Row]]:
        """The model's form, checked by the shape as well."""
        base = super().get_form(request, obj, change, **kwargs)
        shape = self.shape

        def clean(form: Any) -> dict[str, Any]:
            values = base.clean(form) or form.cleaned_data
            known = {name: values[name] for name in shape.model_fields if name in values}
            try:
                form.checked = shape.model_validate(known)
            except ValidationError as error:
                for item in error.errors(include_url=False):
                    name = str(item["loc"][0]) if item["loc"] else None
                    words = item["msg"].removeprefix("Value error, ")
                    form.add_error(name if name in form.fields else None, words)
            return values

        return type(base.__name__, (base,), {"clean": clean})

    def save_model(self, request: HttpRequest, obj: Row, form: Any, change: bool) -> None:
        """By the service."""
        saved = type(self).save(form=form.checked, row=obj if change else None, user=request.user)
        obj.pk = saved.pk
        obj._state.adding = False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        """Only what nobody refers to."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not picks.uses(self.ref(obj)))

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        """By the service."""
        type(self).delete(row=obj, ref=self.ref(obj), user=request.user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One at a time: each is asked for its uses."""
        return {k: v for k, v in super().get_actions(request).items() if k != "delete_selected"}

    def ref(self, row: Row) -> str:
        """How others refer to a row."""
        return f"{self.kind}:{getattr(row, self.key)}"
