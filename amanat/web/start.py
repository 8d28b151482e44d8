"""Makes Django ready in this process."""


def django_ready() -> None:
    """Settings chosen and apps loaded; may be called more than once."""
    import django
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        from amanat.web import settings as ours

        # Instead of DJANGO_SETTINGS_MODULE, so that the environment is read in one place only.
        settings.configure(default_settings=_Module(ours))
    if not apps.ready:
        django.setup()


class _Module:
    """A settings module, with Django's defaults behind it."""

    def __init__(self, module: object) -> None:
        from django.conf import global_settings

        self._module, self._defaults = module, global_settings

    def __getattr__(self, name: str) -> object:
        module, defaults = object.__getattribute__(self, "_module"), object.__getattribute__(self, "_defaults")
        return getattr(module, name) if hasattr(module, name) else getattr(defaults, name)

    def is_overridden(self, name: str) -> bool:
        return hasattr(self._module, name)

    def __dir__(self) -> list[str]:
        return [name for name in {*dir(self._module), *dir(self._defaults)} if name.isupper()]
