"""A PostgreSQL server of the test session's own: free port, own folder, never as root."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.real_server.processes import free_port

_SECONDS_TO_START = 60.0
_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
BINARIES = next((folder for folder in _FOLDERS if (folder / "postgres").exists()), None)


class PostgresqlServer:
    """One cluster; it can be stopped like a machine that loses its power, and started again."""

    def __init__(self) -> None:
        assert BINARIES is not None
        self._binaries = BINARIES
        # the server refuses root; Debian's package brings this user
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        initialise = [
            "-D",
            str(self._folder / "data"),
            "-U",
            "hcc_cds",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(  # noqa: S603 - the command is the test's own
            [str(self._binaries / "initdb"), *initialise],
            user=self._user,
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "shared_buffers": "16MB"}
        options["unix_socket_directories"] = ""
        settings = [part for name, v in options.items() for part in ("-c", f"{name}={v}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the command is the test's own
                [str(self._binaries / "postgres"), "-D", str(self._folder / "data"), *settings],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def kill(self) -> None:
        """Stop at once, without a checkpoint; the next start recovers from the log."""
        self._stop(signal.SIGQUIT)

    def stop(self) -> None:
        self._stop(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        self._databases += 1
        name = f"test_{self._databases}"
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://hcc_cds@127.0.0.1:{self.port}/{name}"

    def _conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=hcc_cds dbname={database} connect_timeout=2"

    def _stop(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self._conninfo("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        message = f"PostgreSQL did not start: {(self._folder / 'log').read_text('utf-8')[-2000:]}"
        raise RuntimeError(message)
