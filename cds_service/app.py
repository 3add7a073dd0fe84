"""The Flask application: blueprints and the error table, nothing else."""

from flask import Flask

from cds_service.audit import register_audit
from cds_service.client_tokens.caller import count_unproven_callers
from cds_service.client_tokens.guard import register_client_guard
from cds_service.composition import Composition, compose
from cds_service.cors import register_cors
from cds_service.demo_ehr.demo_ehr import register_demo_ehr
from cds_service.discovery import discovery
from cds_service.errors import register_error_answers
from cds_service.feedback.routes import FeedbackDoor, feedback
from cds_service.front_page import front_page
from cds_service.health import health, readiness
from cds_service.knowledge_pages.routes import knowledge_pages
from cds_service.metrics import metrics, register_metrics
from cds_service.openapi import openapi
from cds_service.recommendation_api import recommendation_api
from cds_service.request_log import register_request_log
from cds_service.response_headers import register_response_headers
from cds_service.sample_pages import SampleCards, sample_pages
from cds_service.services import HookCalls, hook_services
from cds_service.settings import Settings
from cds_service.smart_pages import register_smart_app
from cds_service.static_files import static_files
from cds_service.workbench.routes import Workbench, workbench_pages


def create_app(settings: Settings) -> Flask:
    """Build the application.

    Raises:
        HccCdsError: a knowledge, text or site file cannot be used; nothing is served then.

    """
    return build_app(compose(settings))


def build_app(composition: Composition) -> Flask:
    """Build the application from parts that are already made."""
    settings = composition.settings
    app = _empty_app(composition)
    register_request_log(app)
    about = composition.knowledge.about
    register_audit(app, about.id, about.version)
    register_metrics(app)
    origins = settings.site.allowed_origins
    register_cors(app, every_origin=settings.is_demo, allowed_origins=origins)
    register_response_headers(app)
    register_error_answers(app)
    if composition.clients is None:
        count_unproven_callers(app, settings.site.ehr)
    else:
        register_client_guard(app, composition.clients)
    app.register_blueprint(discovery(composition.prefetch, settings.site.language))
    calls, feedback_door = HookCalls(composition), FeedbackDoor(composition.records)
    app.register_blueprint(hook_services(calls))
    app.register_blueprint(feedback(feedback_door))
    app.register_blueprint(health(readiness(composition)))
    app.register_blueprint(recommendation_api(composition))
    app.register_blueprint(knowledge_pages(composition))
    app.register_blueprint(openapi(composition))
    app.register_blueprint(static_files(is_demo=settings.is_demo))
    register_smart_app(app, composition)
    if settings.is_demo:
        _register_demonstration(app, composition, calls, feedback_door)
    else:
        app.register_blueprint(front_page(composition))
    return app


def _empty_app(composition: Composition) -> Flask:
    app = Flask("cds_service", static_folder=None)
    app.extensions["background"] = composition.records.background
    app.config["MAX_CONTENT_LENGTH"] = composition.settings.max_body_bytes
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    return app


def _register_demonstration(
    app: Flask, composition: Composition, calls: HookCalls, door: FeedbackDoor
) -> None:
    """Add what production never has: sample patients, their EHR, the workbench, open figures."""
    settings, samples = composition.settings, SampleCards(composition)
    ehr = register_demo_ehr(app, composition)
    app.extensions["made_before_serving"] = (ehr.charts.now,)  # once, not by each worker
    workbench = Workbench(composition, samples, calls, door)
    app.register_blueprint(workbench_pages(workbench, settings.max_body_bytes))
    app.register_blueprint(sample_pages(samples, settings.public_url))
    app.register_blueprint(metrics())
