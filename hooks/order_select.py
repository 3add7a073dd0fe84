"""order-select: an order is chosen and not signed yet."""

from hooks.card_ids import ORDER_TOPICS
from hooks.messages import ORDER_SELECT
from hooks.order_answer import answer_orders
from hooks.service import HookService

SERVICE = HookService(
    id="hcc-after-sorafenib-order-select",
    hook=ORDER_SELECT,
    texts="order-select",
    topics=ORDER_TOPICS,
    answer=answer_orders,
)
