from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from oms_portal.erp import beside
from oms_portal.erp.outbox.sender import Sender, deliver_due
from oms_portal.erp.worker import Worker


class Command(BaseCommand):
    help = "Applies pending events, sends commands and runs the periodic jobs, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="Do what is due now, every job included, and end."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        if options["once"]:
            while worker.turn():
                pass
            deliver_due("once")
            beside.finish()
            return
        commands = Sender()

        def stop(*_: Any) -> None:
            worker.stop()
            commands.stop()
            beside.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        self.stdout.write("The worker is at work.")
        commands.start()
        try:
            worker.run()
        finally:
            commands.stop()
            commands.join()
            beside.stop()
            beside.join()
        self.stdout.write("The worker has stopped.")
