"""order-sign: orders are about to be signed."""

from hooks.card_ids import ORDER_TOPICS
from hooks.messages import ORDER_SIGN
from hooks.order_answer import answer_orders
from hooks.service import HookService

SERVICE = HookService(
    id="hcc-after-sorafenib-order-sign",
    hook=ORDER_SIGN,
    texts="order-sign",
    topics=ORDER_TOPICS,
    answer=answer_orders,
)
