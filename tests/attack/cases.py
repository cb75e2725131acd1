"""Jobs that are attacks as a whole: on the machine's resources, on who reads their outputs, on their own score.

Each is the code of a cell or of a script; `output_dir` is known to it. What has to come of it stands beside it.
"""

from dataclasses import dataclass

from tests.attack.world import HONEST


@dataclass(frozen=True)
class Case:
    """An attack and how its job ends: completed, or failed for one of `reasons` with all `words` in its sentence."""

    source: str
    reasons: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    resource_class: str = "small"
    # The one that the short form tries; both in the long form.
    vessel: str = "notebook"
    only: str | None = None

    @property
    def completes(self) -> bool:
        return not self.reasons


def fails(source: str, *reasons: str, words: tuple[str, ...] = (), **more: str) -> Case:
    return Case(source, frozenset(reasons), words, **more)  # type: ignore[arg-type]


def is_harmless(source: str, **more: str) -> Case:
    """The job goes on to honest predictions, and gets the score of those."""
    return Case(source + HONEST, **more)  # type: ignore[arg-type]


ON_THE_MACHINE: dict[str, Case] = {
    "fork bomb": fails(
        "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "notebook_error",
        words=("too many processes", "200"),
    ),
    "fork bomb of daemons": fails(
        "import os\nwhile True:\n    try:\n        if os.fork() == 0:\n            os.setsid()\n    except OSError:\n        pass",
        "notebook_error",
        words=("too many processes",),
        vessel="script",
    ),
    "thread bomb": fails(
        "import threading, time\nwhile True:\n    try:\n"
        "        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n    except RuntimeError:\n        pass",
        "notebook_error",
        words=("too many processes and threads",),
        vessel="script",
    ),
    "memory bomb": fails(
        "held = []\nwhile True:\n    held.append(bytearray(50_000_000))", "out_of_memory", words=("memory", "600 MiB")
    ),
    "memory bomb of many processes": fails(
        "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        held = b'x' * 150_000_000\n        time.sleep(1000)\n"
        "time.sleep(1000)",
        "out_of_memory",
        vessel="script",
    ),
    "memory bomb in files in memory": fails(
        "for n in range(10**6):\n    with open(f'/dev/shm/{n}', 'wb') as file:\n        file.write(bytes(10_000_000))",
        "notebook_error",
        words=("No space left",),
    ),
    "disk filler": fails(
        "import os\nfor n in range(10**6):\n    with open(f'{output_dir}/{n}', 'wb') as file:\n        file.write(os.urandom(20_000_000))",
        "invalid_output",
        words=("disk", "MiB"),
    ),
    "disk filler outside the output folder": fails(
        "import os\nfor n in range(10**6):\n    with open(f'{os.environ[\"HOME\"]}/{n}', 'wb') as file:\n"
        "        file.write(os.urandom(20_000_000))",
        "invalid_output",
        words=("disk", "MiB"),
        vessel="script",
    ),
    "disk filler by files without a name": fails(
        "import os\nheld = []\nwhile True:\n    file = open(f'{output_dir}/x', 'wb')\n    os.unlink(file.name)\n"
        "    file.write(os.urandom(20_000_000))\n    file.flush()\n    held.append(file)",
        "invalid_output",
        words=("disk", "MiB"),
    ),
    "writing the same file for ever": fails(
        "import os\nwhile True:\n    with open(f'{output_dir}/x', 'wb') as file:\n        file.write(os.urandom(20_000_000))\n"
        "        os.fsync(file.fileno())",
        "invalid_output",
        words=("overwritten and deleted",),
        vessel="script",
    ),
    "a million files": fails(
        "for n in range(10**6):\n    open(f'{output_dir}/{n}', 'w').close()",
        "invalid_output",
        words=("too many files", "2,000"),
    ),
    "a million folders": fails(
        "import os\nfor n in range(10**6):\n    os.mkdir(f'{output_dir}/{n}')",
        "invalid_output",
        words=("too many files",),
        vessel="script",
    ),
    "log flood": fails("while True:\n    print('x' * 1000)", "notebook_error", words=("printed more",)),
    # In a notebook the kernel puts the line together before it sends it, and may be full before that.
    "log flood in one line": fails(
        "import sys\nwhile True:\n    sys.stdout.write('x' * 100_000)",
        "notebook_error",
        "out_of_memory",
        vessel="script",
    ),
    "log flood past the kernel": fails(
        "import os\nwhile True:\n    os.write(2, b'x' * 1_000_000)",
        "notebook_error",
        words=("printed more",),
        only="notebook",
    ),
    "a file with nothing in it that says it is a terabyte": fails(
        "with open(f'{output_dir}/x', 'wb') as file:\n    file.truncate(10**12)",
        "notebook_error",
        words=("File too large",),
    ),
    "files with nothing in them that say they are large": fails(
        HONEST
        + "\nfor n in range(10):\n    with open(f'{output_dir}/{n}', 'wb') as file:\n        file.truncate(40_000_000)",
        "invalid_output",
        words=("output folder holds more",),
        vessel="script",
    ),
    "burning processors": fails("while True:\n    pass", "timeout", words=("processor time",), resource_class="frugal"),
    "ignoring every signal": fails(
        "import signal\nfor n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    pass",
        "timeout",
        resource_class="brief",
    ),
    "stopping oneself": fails(
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True:\n    pass",
        "timeout",
        resource_class="brief",
        vessel="script",
    ),
    "ending everybody": fails(
        "import os\ntry:\n    os.kill(-1, 9)\nexcept ProcessLookupError:\n    pass\nos.kill(os.getpid(), 9)",
        "kernel_died",
    ),
    "a daemon that outlives its job": is_harmless(
        "import os, subprocess, sys\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.closerange(0, 3)\n"
        "        os.execvp('sleep', ['sleep', '987654'])\n    os._exit(0)\n"
    ),
    "a daemon that waits for the scoring": is_harmless(
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.closerange(0, 3)\n    while True:\n"
        "        for name in ('result.json', 'scoring/result.json', '../scoring/result.json'):\n            try:\n"
        "                with open(os.path.join(output_dir, name), 'w') as file:\n"
        '                    file.write(\'{"metrics": {"accuracy": 1.0}}\')\n            except OSError:\n                pass\n',
        vessel="script",
    ),
}

_IDS = "['a_0000', 'a_0001', 'a_0002', 'a_0003']"
ON_THE_READERS: dict[str, Case] = {
    "predictions that are a link to the labels": fails(
        "import os, glob\nlabels = os.path.join(data_dir, '..', 'hidden', 'labels.csv')\n"
        "os.symlink(os.path.abspath(labels), output_dir + '/predictions.csv')",
        "invalid_output",
    ),
    "a link to the labels among the outputs": is_harmless(
        "import os\nos.symlink(os.path.abspath(os.path.join(data_dir, '..', 'hidden', 'labels.csv')), output_dir + '/leak.csv')\n"
        "os.symlink('/', output_dir + '/root')\n"
    ),
    "maps that are a link to the hidden masks": is_harmless(
        "import os\nos.symlink(os.path.abspath(os.path.join(data_dir, '..', 'hidden', 'masks')), output_dir + '/anomaly_maps')\n",
        vessel="script",
    ),
    "what the kernel says at its end is a link to the labels": fails(
        "import os\nrun = os.path.dirname(os.environ['HOME'])\nlabels = os.path.abspath(os.path.join(data_dir, '..', 'hidden', 'labels.csv'))\n"
        "for name in ('kernel.err', 'home/kernel.err', 's/kernel.err'):\n    try:\n        os.unlink(os.path.join(run, name))\n"
        "    except OSError:\n        pass\n    try:\n        os.symlink(labels, os.path.join(run, name))\n    except OSError:\n        pass\n"
        "os._exit(3)",
        "kernel_died",
        only="notebook",
    ),
    "predictions that are a pipe": fails("import os\nos.mkfifo(output_dir + '/predictions.csv')", "invalid_output"),
    "a socket and a pipe among the outputs": is_harmless(
        "import os, socket\nos.chdir(output_dir)\nsocket.socket(socket.AF_UNIX).bind('socket')\nos.mkfifo('pipe')\n",
        vessel="script",
    ),
    "metrics that are a pipe": is_harmless("import os\nos.mkfifo(output_dir + '/metrics.json')\n"),
    "outputs that nobody may read": is_harmless(
        "import os, atexit\natexit.register(os.chmod, output_dir, 0)\nos.makedirs(output_dir + '/closed/more')\n"
        "os.chmod(output_dir + '/closed', 0)\n",
        vessel="script",
    ),
    "folders three thousand deep": is_harmless(
        "import os\nos.chdir(output_dir)\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "os.chdir(os.environ['HOME'])\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\nos.chdir('/')\n"
    ),
    "names that are no names": is_harmless(
        "import os\nfor name in (b'\\xff\\xfe', b'new\\nline', b'<script>alert(1)</script>', b'%2e%2e%2f', b'%252e%252e', b'..%5c', b'x' * 255):\n"
        "    try:\n        open(output_dir.encode() + b'/' + name, 'w').close()\n    except OSError:\n        pass\n"
    ),
    "image ids that are paths": fails(
        "with open(output_dir + '/predictions.csv', 'w') as file:\n"
        "    file.write('image_id,anomaly_score\\n../../hidden/labels,0.5\\n')",
        "invalid_output",
        words=("not a test image",),
    ),
    "image ids that leave their folder and come back": fails(
        "with open(output_dir + '/predictions.csv', 'w') as file:\n"
        "    file.write('image_id,anomaly_score\\n../public/a_0000,0.5\\na_0000\\\\0.csv,0.5\\n')",
        "invalid_output",
        vessel="script",
    ),
    "a map that is a pickle": fails(
        HONEST
        + "\nimport os, pickle\nclass Evil:\n    def __reduce__(self):\n        return (os.system, ('touch /tmp/attack-was-here',))\n"
        f"os.mkdir(output_dir + '/anomaly_maps')\nfor name in {_IDS}:\n"
        "    with open(f'{output_dir}/anomaly_maps/{name}.npy', 'wb') as file:\n        pickle.dump(Evil(), file)",
        "invalid_output",
        words=("cannot be read",),
    ),
    "a map that is an array of objects": fails(
        HONEST + f"\nimport numpy as np, os\nos.mkdir(output_dir + '/anomaly_maps')\nfor name in {_IDS}:\n"
        "    np.save(f'{output_dir}/anomaly_maps/{name}.npy', np.array([[{'a': 1}]], dtype=object), allow_pickle=True)",
        "invalid_output",
        words=("anomaly_maps",),
        vessel="script",
    ),
    "a map that says it is enormous": fails(
        HONEST + f"\nimport numpy as np, os\nos.mkdir(output_dir + '/anomaly_maps')\nfor name in {_IDS}:\n"
        "    with open(f'{output_dir}/anomaly_maps/{name}.npy', 'wb') as file:\n"
        "        np.lib.format.write_array_header_1_0(file, {'descr': '<f4', 'fortran_order': False, 'shape': (10**6, 10**6)})",
        "invalid_output",
        words=("must be float32",),
    ),
    "a map that grows a thousand times when it is unpacked": fails(
        HONEST + f"\nimport numpy as np, os, tifffile\nos.mkdir(output_dir + '/anomaly_maps')\nfor name in {_IDS}:\n"
        "    tifffile.imwrite(f'{output_dir}/anomaly_maps/{name}.tiff', np.zeros((3000, 3000), np.float32), compression='zlib')",
        "invalid_output",
        words=("must be float32",),
        vessel="script",
    ),
    "predictions that are a zip bomb": fails(
        "import zipfile\nwith zipfile.ZipFile(output_dir + '/predictions.csv', 'w', zipfile.ZIP_DEFLATED) as packed:\n"
        "    packed.writestr('predictions.csv', bytes(50_000_000))",
        "invalid_output",
    ),
    "predictions without an end": fails(
        "with open(output_dir + '/predictions.csv', 'w') as file:\n    file.write('image_id,anomaly_score\\n' + 'a' * 15_000_000)",
        "invalid_output",
        words=("more than the",),
        vessel="script",
    ),
    "metrics.json without an end of depth": fails(
        HONEST + "\nopen(output_dir + '/metrics.json', 'w').write('[' * 500_000)",
        "invalid_output",
        words=("metrics.json",),
    ),
    "a kernel that sends nonsense": fails(
        "kernel = get_ipython().kernel\nfor kind in ('stream', 'display_data', 'error', 'update_display_data', 'clear_output'):\n"
        "    kernel.session.send(kernel.iopub_socket, kind, content={'text': 5, 'name': None}, parent=kernel.get_parent())\n"
        "import time\ntime.sleep(3)\nraise RuntimeError('still here')",
        "kernel_died",
        "notebook_error",
        only="notebook",
    ),
    "a kernel whose sockets lead to Redis": fails(
        "import os\nfolder = os.path.join(os.path.dirname(os.environ['HOME']), 's')\nfor name in os.listdir(folder):\n"
        "    os.unlink(os.path.join(folder, name))\n    os.symlink(os.path.dirname(os.path.dirname(os.environ['HOME'])) + '/redis.sock',"
        " os.path.join(folder, name))\nos._exit(1)",
        "kernel_died",
        only="notebook",
    ),
}

# What the short form tries: one of each kind.
SHORT = frozenset(
    {
        "a daemon that waits for the scoring",
        "a file with nothing in it that says it is a terabyte",
        "a kernel that sends nonsense",
        "a link to the labels among the outputs",
        "a map that is a pickle",
        "a million files",
        "disk filler",
        "fork bomb of daemons",
        "ignoring every signal",
        "image ids that are paths",
        "log flood",
        "memory bomb",
        "metrics of one's own in metrics.json",
        "outputs that nobody may read",
        "predictions that are a link to the labels",
    }
)
# What containers keep in by other means than bubblewrap.
SHORT_IN_CONTAINERS = frozenset(
    {
        "a daemon that waits for the scoring",
        "fork bomb of daemons",
        "ignoring every signal",
        "memory bomb",
        "outputs that nobody may read",
    }
)
ON_THE_SCORE: dict[str, Case] = {
    "metrics of one's own in metrics.json": is_harmless(
        "import json\nwith open(output_dir + '/metrics.json', 'w') as file:\n    json.dump({'metrics': {'accuracy': 1.0}}, file)\n"
    ),
    "a result of one's own": is_harmless(
        "import os\nos.makedirs(output_dir + '/scoring')\nfor name in ('result.json', 'scoring/result.json', 'scoring/scoring.ipynb'):\n"
        "    with open(os.path.join(output_dir, name), 'w') as file:\n        file.write('{\"metrics\": {\"accuracy\": 1.0}}')\n",
        vessel="script",
    ),
    "modules for the scoring to import": is_harmless(
        "import os\nhome = os.environ['HOME']\nstart = home + '/.ipython/profile_default/startup'\n"
        "folders = [output_dir, home, os.path.dirname(output_dir), start]\n"
        'evil = \'import json; json.dump({"metrics": {"accuracy": 1.0}}, open("result.json", "w")); raise SystemExit\'\n'
        "for folder in folders:\n    for name in ('json.py', 'csv.py', 'sitecustomize.py', 'usercustomize.py', 'leadersboard.py', '00.py'):\n"
        "        try:\n            os.makedirs(folder, exist_ok=True)\n            with open(os.path.join(folder, name), 'w') as file:\n"
        "                file.write(evil)\n        except OSError:\n            pass\n"
    ),
    "writing into the folder of the scoring": is_harmless(
        "import os\nfor path in ('../scoring', '../scoring.ipynb', '../executed.ipynb', '../executed'):\n    try:\n"
        "        os.mkdir(os.path.join(output_dir, path))\n    except OSError:\n        pass\n",
        vessel="script",
    ),
    "a run of one's own in MLflow's folder": is_harmless(
        "import os\nos.environ['MLFLOW_TRACKING_URI'] = 'file://' + output_dir + '/mlruns'\nos.makedirs(output_dir + '/mlruns/0/run/metrics')\n"
        "with open(output_dir + '/mlruns/0/run/metrics/accuracy', 'w') as file:\n    file.write('1 1.0 0')\n"
    ),
}
