"""What Reflex reads first; every value that can change comes from rxror/settings.py."""

import reflex as rx

from rxror.settings import settings

config = rx.Config(
    app_name="rxror",
    backend_host=settings().host,
    backend_port=settings().port,
    frontend_port=settings().port,
    api_url=settings().url,
    deploy_url=settings().url,
    cors_allowed_origins=settings().origines,
    trusted_proxy_hops=settings().relais_de_confiance,
    state_manager_mode="memory",  # with Valkey, rxror/ui/partage.py
    redis_url=settings().url_valkey or None,
    redis_token_expiration=settings().vie_des_onglets,
    frontend_compression_formats=["brotli", "gzip"],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
)
