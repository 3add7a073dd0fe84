"""The parts of the demonstration's EHR, put together for one process."""

from dataclasses import dataclass

from flask import Flask

from cds_service.composition import Composition
from cds_service.demo_ehr.authorization import Addresses, AuthorizationServer
from cds_service.demo_ehr.authorization_routes import authorization_routes, launch_routes
from cds_service.demo_ehr.charts import DemoCharts
from cds_service.demo_ehr.fhir_routes import DemoFhirServer, fhir_routes
from cds_service.demo_ehr.sealing import Seal, signing_key
from cds_service.demo_ehr.site_block import AUTHORIZATION_PATH, fhir_base, require_demonstration
from cds_service.sample_charts import sample_charts
from cds_service.storage.replay_memory import ReplayMemory


@dataclass(frozen=True, slots=True)
class DemoEhr:
    """What the workbench needs of the EHR: its address, its patients."""

    base: str
    charts: DemoCharts


def register_demo_ehr(app: Flask, composition: Composition) -> DemoEhr:
    """Add the FHIR server and the authorization server to a demonstration.

    Raises:
        SettingError: the mode is not demo.

    """
    settings = composition.settings
    require_demonstration(settings)
    base, address = fhir_base(settings), settings.public_url + AUTHORIZATION_PATH
    charts = DemoCharts(sample_charts(), composition.today)
    seal = Seal(settings.secret_key)
    server = AuthorizationServer(
        seal,
        signing_key(settings.secret_key),
        Addresses(f"{settings.public_url}/smart/callback", base, address),
        ReplayMemory(composition.storage.replay),
    )
    on = composition.today().isoformat()
    app.register_blueprint(fhir_routes(DemoFhirServer(charts, seal, base), base, address, on))
    app.register_blueprint(authorization_routes(server, charts, address))
    app.register_blueprint(launch_routes(server, charts, base))
    return DemoEhr(base, charts)
