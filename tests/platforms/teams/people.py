"""The people of the tenant and beyond, and our app as it is registered there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

if TYPE_CHECKING:
    from tests.platforms.teams.dialogs import Dialog

ROLES = frozenset(
    {
        "AppCatalog.Read.All",
        "Chat.Create",
        "Chat.ManageDeletion.All",
        "Chat.Read.All",
        "Chat.ReadWrite.All",
        "ChatMember.ReadWrite.All",
        "TeamsAppInstallation.ReadWriteSelfForChat.All",
        "TeamsAppInstallation.ReadWriteSelfForUser.All",
        "User.ReadBasic.All",
    }
)
"""Every application permission that the calls in use can need, and no more."""


@dataclass
class Person:
    """Somebody with an account, what is on their screen, and the errors that Teams showed them.

    `is_outside`: in no way known to the tenant. `is_guest`: invited into it from elsewhere.
    """

    id: str
    mri: str
    real_name: str
    email: str
    upn: str
    is_guest: bool = False
    is_outside: bool = False
    deleted: bool = False
    deactivated: bool = False
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    dialog: Dialog | None = None

    @property
    def in_tenant(self) -> bool:
        """Whether Graph knows them."""
        return not self.is_outside and not self.deleted

    def account(self) -> dict[str, Any]:
        """This person as activities name them."""
        return {"id": self.mri, "name": self.real_name, "aadObjectId": self.id}

    def shown(self) -> dict[str, Any]:
        """This person as Graph's `user` shows them."""
        first, _, last = self.real_name.partition(" ")
        return {
            "id": self.id,
            "displayName": self.real_name,
            "givenName": first,
            "surname": last or None,
            "mail": self.email,
            "userPrincipalName": self.upn,
        }


@dataclass
class App:
    """Our app: its registration, its bot, and what an administrator has allowed it.

    `roles` go into each new token; `rsc` are the manifest's resource-specific permissions, which
    hold in the chats where the app is installed. `certificate`: what checks a signed assertion.
    """

    client_id: str = "7af00000-0000-4000-8000-00000000b071"
    external_id: str = "7af00000-0000-4000-8000-0000000000e1"
    catalog_id: str = "7af00000-0000-4000-8000-0000000000c1"
    name: str = "TAF Assistant"
    secret: str = "made-up-client-secret"
    certificate: RSAPublicKey | None = None
    commands: set[str] = field(default_factory=set)
    """The manifest's message actions; empty means that any may be started."""

    roles: set[str] = field(default_factory=lambda: set(ROLES))
    rsc: set[str] = field(default_factory=set)
    in_catalog: bool = True
    in_channels: bool = False
    """Whether the manifest says that it can be added to private channels (documented)."""

    restricted: set[str] = field(default_factory=set)
    """The methods of Graph that the organisation does not let the app call."""

    disabled: bool = False
    """Whether an administrator has blocked the app in the tenant."""

    @property
    def mri(self) -> str:
        """The bot's own id in activities (documented)."""
        return f"28:{self.client_id}"

    def account(self) -> dict[str, Any]:
        """The bot as activities name it."""
        return {"id": self.mri, "name": self.name}
