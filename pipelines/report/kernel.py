"""The kernels in which notebooks run: of the interpreter that runs now, spoken to through private files.

A kernel that was `prepared` is a copy of this process, in which everything is imported already; else it is a new process.
"""

import asyncio
import multiprocessing
import os
import sys
from pathlib import Path

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient.exceptions import DeadKernelError
from traitlets import default

from pipelines import disk
from pipelines.home import REPOSITORY
from pipelines.process import copied, end_with

POLL_SECONDS = 0.01  # whether a kernel has ended; each notebook waits for that
_prepared: list["_Copy"] = []


class PromptClient(AsyncKernelClient):
    """Takes a kernel for ready as soon as it has answered.

    jupyter_client then listens for 0.2 s, to pass over what the kernel may still say of that answer; nbclient passes over
    it anyway.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """DeadKernelError where the kernel ends before it answers, or does not answer in `timeout` seconds."""
        self._answered = asyncio.Event()
        waiting = {asyncio.ensure_future(one) for one in (super().wait_for_ready(timeout), self._answered.wait())}
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        except RuntimeError as error:
            raise DeadKernelError(f"{error}") from None
        finally:
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    def _handle_kernel_info_reply(self, msg: dict) -> None:
        super()._handle_kernel_info_reply(msg)
        self._answered.set()


class OwnKernel(AsyncKernelManager):
    """A kernel of the interpreter that runs now, whatever kernels are installed, and that finds this package.

    It is spoken to through files in a folder of its own, readable by the owner alone, and not through a port.
    """

    def __init__(self, **settings) -> None:
        super().__init__(client_factory=PromptClient, **settings)
        self.folder = disk.private_folder()
        self.transport, self.connection_file = "ipc", str(Path(self.folder.name) / "kernel.json")
        if _prepared:
            self.provisioner = _OfCopy(parent=self, kernel_spec=self.kernel_spec)

    @default("kernel_spec_manager")
    def _only_our_own(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    def pre_start_kernel(self, **settings):
        environment = dict(settings.pop("env", os.environ))
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(REPOSITORY), environment.get("PYTHONPATH"))))
        return super().pre_start_kernel(env=environment, **settings)

    async def _async_interrupt_kernel(self) -> None:
        """Not before it is shut down: it is idle then, and would log that as an error."""
        if not self.shutting_down:
            await super()._async_interrupt_kernel()

    interrupt_kernel = _async_interrupt_kernel

    async def _async_finish_shutdown(self, waittime: float | None = None, pollinterval: float = POLL_SECONDS,
                                     restart: bool = False) -> None:
        await super()._async_finish_shutdown(waittime, pollinterval, restart)

    finish_shutdown = _async_finish_shutdown

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            self.folder.cleanup()

    cleanup_resources = _async_cleanup_resources


def prepare() -> None:
    """Copy this process for the next kernel. Only while it has one thread: a copy has no other, and would wait for it."""
    _prepared.append(_Copy())


def discard() -> None:
    """End the copies that no kernel was made of: this process would wait for them."""
    while _prepared:
        _prepared.pop().kill()


class _Copy:
    """A copy of this process that waits to be told its connection file; with what jupyter_client asks of a process."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        told, self._tell = multiprocessing.Pipe(duplex=False)
        self._process = copied(_serve, told, self._tell, os.getpid())
        told.close()
        self.pid = self._process.pid

    def begin(self, connection_file: str, environment: dict[str, str]) -> None:
        self._tell.send((connection_file, environment))
        self._tell.close()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _serve(told, tell, parent: int) -> None:
    """What the copy does: wait, become a kernel, serve until it is told to end. It dies with the process that it copies."""
    os.setsid()
    end_with(parent)
    tell.close()
    connection_file, environment = told.recv()
    os.environ.clear()
    os.environ.update(environment)
    sys.modules["debugpy"] = None  # as if it were not installed: nobody debugs a night, and it takes a fifth of the start
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=["-f", connection_file, f"--IPKernelApp.parent_handle={parent}",
                                      "--HistoryManager.enabled=False"])


class _OfCopy(LocalProvisioner):
    """Starts a kernel by telling a prepared copy to begin."""

    async def launch_kernel(self, cmd: list[str], **settings):
        self.process = _prepared.pop()
        self.pid = self.pgid = self.process.pid
        try:
            self.process.begin(self.parent.connection_file, settings["env"])
        except BrokenPipeError:
            raise DeadKernelError("The kernel ended before it was told to begin.") from None
        return self.connection_info
