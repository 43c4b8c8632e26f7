"""Where the output of the command goes, and the platform it computes on; each a real process."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

LIST = "list observables"


def shell(line, **environment):
    """The command in a shell, with its redirections; the output is what is left of it."""
    command = f'"{sys.executable}" -c "from dineutrino.cli import main; main()" {line}'
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env=os.environ | environment, timeout=300, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        (">&-", "the standard output is closed"),
        ("> /dev/full", "the standard output cannot be written: No space left on device."),
    ],
)
def test_nowhere_to_print_to(redirection, said):
    done = shell(f"{LIST} {redirection}")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_reader_that_has_seen_enough():
    done = shell(f"{LIST} | head -1")
    assert done.stdout.startswith("name")
    assert done.stderr == ""


def test_a_platform_that_is_not_there():
    done = shell('predict "BR(B+->Knunu)"', JAX_PLATFORMS="nonsense")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("JAX cannot compute on 'nonsense', as JAX_PLATFORMS asks")


def test_control_c_in_the_middle_of_a_prediction():
    """Neither traceback nor output; the signal comes when everything is read and the computation begins."""
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # also in the background
        "from dineutrino.cli import main, predict\n"
        "predict.predict_points = lambda *_: (os.kill(os.getpid(), signal.SIGINT), time.sleep(60))\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "predict", "BR(B+->Knunu)"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
