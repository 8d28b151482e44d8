"""Staff, and the one-time links with which they set up their account."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from amanat.web.languages import LANGUAGES

SETUP_LINK_LIVES = timedelta(days=2)


class StaffManager(BaseUserManager):
    """Makes staff; there is no way to sign up."""

    def create_user(self, email: str, password: str | None = None, **more: object) -> "Staff":
        staff = self.model(email=email.strip().lower(), **more)
        staff.set_password(password)
        staff.full_clean(exclude=["password"])
        staff.save()
        return staff

    def get_by_natural_key(self, email: str | None) -> "Staff":
        return self.get(email__iexact=email)


class Staff(AbstractBaseUser):
    """Someone who works in amanat. What they may do in an incident stands in its memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)  # may create staff; sees no incident because of it
    language = models.CharField(_("Language"), max_length=10, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("Time zone"), max_length=60, default="UTC")
    public_key = models.CharField(max_length=64, blank=True)  # Ed25519, for approvals on the command line
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StaffManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="staff_email_once")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class SetupLink(models.Model):
    """Lets one staff member choose a password, once, for two days. Only the hash of its token is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @classmethod
    def make(cls, staff: Staff, *, now: datetime) -> str:
        """A new link's token; older links of the same person end."""
        cls.objects.filter(staff=staff, used_at=None).delete()
        token = secrets.token_urlsafe(24)
        cls.objects.create(token_hash=_hash(token), staff=staff, expires_at=now + SETUP_LINK_LIVES)
        return token

    @classmethod
    def find(cls, token: str, *, now: datetime) -> "SetupLink | None":
        """The link if it still works."""
        return cls.objects.select_related("staff").filter(token_hash=_hash(token), used_at=None, expires_at__gt=now, staff__is_active=True).first()


class Tries(models.Model):
    """How often one visitor tried something in a span of time (`limits`). Who they are is a keyed hash, and goes when the span has ended."""

    key = models.CharField(max_length=64, primary_key=True)
    n = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
