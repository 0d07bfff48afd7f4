"""Does nnlearn learn? Real tasks, offline data, five seeds each, with the target and the time.

    python -m benchmarks.real_work [task ...] [--seeds 5] [--validation]

Every number comes from test data that nothing was chosen by. Settings were chosen on a part of the
training data instead: `--validation` shows that part's figures, and leaves the test data alone.
One thread; the seconds are CPU time of one seed, training and judging.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import nnlearn as T
import nnlearn.nn.functional as F
from nnlearn import data, nn, optim
from nnlearn.data import CharTokenizer, DataLoader, TensorDataset, WordTokenizer
from nnlearn.models import CNN, GPT, MLP, EncoderDecoder
from nnlearn.train import accuracy

PAD, START, END = 0, 1, 2


class Task(NamedTuple):
    """What is learnt, how, and what it must reach."""

    load: Callable[[bool], tuple]  # True: what it is judged by is cut from the training data
    learn: Callable[[Any, Any], float]
    what: str
    target: float
    seconds: float = 60
    small_is_good: bool = False
    rival: Callable[[Any, Any], float] | None = None  # something simple that it must beat

    def reached(self, score: float) -> bool:
        return score <= self.target if self.small_is_good else score >= self.target


def fit(
    model: nn.Module,
    batches: Iterable[tuple],
    steps: int,
    lr: float,
    loss_of: Callable[..., Any],
    weight_decay: float = 0.0,
) -> nn.Module:
    """Train with AdamW and a learning rate that rises shortly and then falls to nothing."""
    optimizer = optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps + 1, pct_start=0.1)
    model.train()
    for batch in tqdm(islice(batches, steps), total=steps, leave=False, delay=2):
        optimizer.zero_grad()
        loss_of(*batch).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return model.eval()


def classify(
    model: nn.Module, known: tuple, epochs: int, lr: float, weight_decay: float = 0.0,
    change: Callable = lambda x: x,
) -> nn.Module:  # fmt: skip
    """Train a model that scores classes. `change` makes a new variant of each batch."""
    batches, steps = forever(*known), epochs * -(-len(known[1]) // 64)

    def loss_of(x: Any, y: Any) -> Any:
        return F.cross_entropy(model(change(x)), y)

    return fit(model, batches, steps, lr, loss_of, weight_decay)


def forever(*arrays: Any) -> Iterator[tuple]:
    """Go through the rows in batches of 64, in a new order each time, without an end."""
    loader = DataLoader(TensorDataset(*arrays), batch_size=64, shuffle=True)
    while True:
        yield from loader


@T.no_grad()
def judged(model: nn.Module, x: Any, y: Any) -> float:
    return accuracy(model(T.Tensor(x)), y)


def cut(known: tuple, new: tuple, held_out: bool, at: int) -> tuple[tuple, tuple]:
    """Return what to learn from and what to be judged by; the latter from row `at` if held out."""
    if not held_out:
        return known, new
    return tuple(part[:at] for part in known), tuple(part[at:] for part in known)


# Digits: 1,287 pictures to learn from, and 510 of other forms.


def digits(held_out: bool) -> tuple:
    return cut(*data.load_digits(), held_out, 915)  # a form begins there: three are held out whole


def digits_mlp(known: tuple, new: tuple) -> float:
    model = MLP([64, 256, 128, 10])
    classify(model, known, epochs=30, lr=1e-2, weight_decay=0.1)
    return judged(model, *new)


def shifted(pictures: Any) -> Any:
    """Move each picture by up to one pixel: a digit is the same one place further."""
    around = np.pad(pictures.data, ((0, 0), (0, 0), (1, 1), (1, 1)))
    places = np.lib.stride_tricks.sliding_window_view(around, pictures.shape[2:], axis=(2, 3))
    down, right = T.random.generator().integers(3, size=(2, len(pictures)))
    return T.Tensor(places[np.arange(len(pictures)), :, down, right].copy())


def digits_cnn(known: tuple, new: tuple) -> float:
    model = CNN(size=8)
    x, new_x = (part[0].reshape(-1, 1, 8, 8) for part in (known, new))
    classify(model, (x, known[1]), epochs=30, lr=5e-3, weight_decay=0.1, change=shifted)
    return judged(model, new_x, new[1])


# Texts with a class: names by letters, sentences by words, each read to its end by an LSTM. The
# rival counts letters or words, whatever their order, and weighs the counts.


class Reader(nn.Module):
    """Reads numbers (N, T) from left to right, and scores the classes after the last."""

    def __init__(self, vocab_size: int, size: int, classes: int, dropout: float) -> None:
        self.embedding = nn.Embedding(vocab_size, 32, padding_idx=PAD)
        self.recurrent = nn.LSTM(32, size, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(size, classes)

    def forward(self, tokens: Any) -> Any:
        _, (h, _) = self.recurrent(self.dropout(self.embedding(tokens)))
        return self.head(self.dropout(h[-1]))


def rows(tokenizer: CharTokenizer, texts: list[str], length: int) -> np.ndarray:
    """Write texts as rows of equal length, filled up in front: the last step is a text's end."""
    numbers = np.full((len(texts), length), PAD)
    for row, text in zip(numbers, texts, strict=True):
        ids = tokenizer.encode(text)[-length:]
        row[length - len(ids) :] = ids
    return numbers


def counting(known: tuple, new: tuple) -> float:
    words = len(set(known[1])) == 2  # of a sentence; of a name, its letters
    tokenizer = (WordTokenizer if words else CharTokenizer)(known[0] + new[0])
    V = tokenizer.vocab_size
    x, new_x = (
        np.stack([np.bincount(tokenizer.encode(text), minlength=V) for text in texts])
        for texts in (known[0], new[0])
    )
    model = nn.Linear(V, len(set(known[1])))
    classify(model, (x.astype(np.float32), known[1]), epochs=40, lr=3e-2)
    return judged(model, new_x.astype(np.float32), new[1])


def surnames(held_out: bool) -> tuple:
    return cut(*data.load_surnames()[:2], held_out, 3400)


def surnames_lstm(known: tuple, new: tuple) -> float:
    tokenizer = CharTokenizer(known[0], special=["<pad>"])
    model = Reader(tokenizer.vocab_size, 64, 12, dropout=0.3)
    x, new_x = (rows(tokenizer, names, 14) for names in (known[0], new[0]))
    classify(model, (x, known[1]), epochs=15, lr=1e-2)
    return judged(model, new_x, new[1])


def sentences(held_out: bool) -> tuple:
    return cut(*data.rated_sentences()[:2], held_out, 4000)


def sentences_lstm(known: tuple, new: tuple) -> float:
    tokenizer = WordTokenizer(known[0] + new[0], special=["<pad>"])
    model = Reader(tokenizer.vocab_size, 64, 2, dropout=0.0)
    x, new_x = (rows(tokenizer, texts, 14) for texts in (known[0], new[0]))
    classify(model, (x, known[1]), epochs=8, lr=1e-2)
    return judged(model, new_x, new[1])


# Translation: numbers in English words into French ones; a sentence counts if it is right whole.


def number_words(held_out: bool) -> tuple:
    known, new = (tuple(zip(*pairs, strict=True)) for pairs in data.number_pairs("French"))
    return cut(known, new, held_out, 1600)


def filled(tokenizer: WordTokenizer, texts: Iterable[str]) -> np.ndarray:
    """Write texts as rows from <start> to <end>, filled up behind."""
    ids = [np.array([START, *tokenizer.encode(text), END]) for text in texts]
    return data.pad_sequence(ids, batch_first=True, padding_value=PAD)


def translation(known: tuple, new: tuple) -> float:
    special = ["<pad>", "<start>", "<end>"]
    english, french = (WordTokenizer(texts, special) for texts in known)
    sizes = {"d_model": 64, "nhead": 4, "num_layers": 1, "dropout": 0.0}
    model = EncoderDecoder(english.vocab_size, french.vocab_size, **sizes, padding_idx=PAD)

    def loss_of(source: Any, target: Any) -> Any:
        scores = model(source, target[:, :-1])
        return F.cross_entropy(scores.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)

    pairs = forever(filled(english, known[0]), filled(french, known[1]))
    fit(model, pairs, 1200, 3e-3, loss_of)
    written = model.translate(filled(english, new[0]), START, END, max_length=20)
    texts = [french.decode(row) for row in written.data]
    return statistics.mean(a == b for a, b in zip(texts, new[1], strict=True))


# Text: Python's own documentation; judged by the bits that it costs to write the next letter.


def python_docs(held_out: bool) -> tuple:
    text = data.load_python_docs()
    tokens, at = CharTokenizer(text).encode(text), len(text) * 9 // 10
    return cut((tokens[:at],), (tokens[at:],), held_out, at * 8 // 9)


def text_gpt(known: tuple, new: tuple) -> float:
    context = 32
    model = GPT(36, context, d_model=64, num_heads=4, num_layers=2)
    x, new_x = (data.windows(part[0], context + 1, 0)[0] for part in (known, new))

    def loss_of(x: Any) -> Any:
        return F.cross_entropy(model(x[:, :-1]).flatten(0, 1), x[:, 1:].flatten())

    def drawn() -> Iterator[tuple]:
        while True:
            yield (x[T.random.generator().integers(len(x), size=32)],)

    fit(model, drawn(), 900, 1.5e-2, loss_of, 0.1)
    with T.no_grad():
        return loss_of(new_x[::context]).item() / np.log(2)


# Weather: tomorrow's highest temperature in Seattle from the last two weeks.


class Forecaster(nn.Module):
    """Reads days (N, T, D), and says how far tomorrow will be from what is usual."""

    def __init__(self, columns: int, size: int) -> None:
        self.recurrent = nn.LSTM(columns, size, batch_first=True)
        self.head = nn.Linear(size, 1)

    def forward(self, days: Any) -> Any:
        _, (h, _) = self.recurrent(days)
        return self.head(h[-1]).flatten()


def weather(held_out: bool) -> tuple:
    """Cut before 2015, the year to predict; held out, 2014 stands for it, with 2015 unseen."""
    series = data.load_weather()
    year = series.time.astype("datetime64[Y]").astype(int) + 1970
    last = 2014 if held_out else 2015
    return (series, year < last), (series, year == last)


def weather_lstm(known: tuple, new: tuple) -> float:
    (series, old), (_, later) = known, new
    day = (series.time - series.time.astype("datetime64[Y]")).astype(int)
    angle = 2 * np.pi * day[:, None] / 365.25 * [1, 2]
    season = np.concatenate([np.ones((len(day), 1)), np.sin(angle), np.cos(angle)], axis=1)
    values = series.values.astype(np.float64)
    values[:, 0] = np.log1p(values[:, 0])  # rain: many dry days, a few floods
    usual = season @ np.linalg.lstsq(season[old], values[old], rcond=None)[0]
    unusual = values - usual
    scale = unusual[old].std(axis=0)
    days = (unusual / scale).astype(np.float32)
    x, _ = data.windows(days[:-1], 14, 0)
    y, old, later = days[14:, 1], old[14:], later[14:]
    model = Forecaster(days.shape[1], 16)

    def loss_of(x: Any, y: Any) -> Any:
        return F.l1_loss(model(x), y)

    fit(model, forever(x[old], y[old]), 200, 5e-3, loss_of, 1.0)
    with T.no_grad():
        return loss_of(T.Tensor(x[later]), y[later]).item() * scale[1]


def as_today(known: tuple, new: tuple) -> float:
    """Say that tomorrow will be as today: what a forecast has to beat."""
    series, later = new
    warmest = series.column("temp_max")
    return np.abs(np.diff(warmest))[later[1:]].mean()


TASKS = {
    "digits_mlp": Task(digits, digits_mlp, "accuracy", 0.92, 10),
    "digits_cnn": Task(digits, digits_cnn, "accuracy", 0.955, 10),
    "surnames_lstm": Task(surnames, surnames_lstm, "accuracy", 0.66, rival=counting),
    "sentences_lstm": Task(sentences, sentences_lstm, "accuracy", 0.95, rival=counting),
    "translation": Task(number_words, translation, "sentences right", 0.97),
    "text_gpt": Task(python_docs, text_gpt, "bits per character", 2.2, 20, True),
    "weather_lstm": Task(
        weather, weather_lstm, "mean error in °C", 2.2, small_is_good=True, rival=as_today
    ),
}


def measure(name: str, seeds: int, held_out: bool) -> bool:
    """Learn with several seeds, print what came of it, and tell whether it is enough."""
    task = TASKS[name]
    known, new = task.load(held_out)
    scores, start = [], time.process_time()
    for seed in range(seeds):
        T.manual_seed(seed)
        scores.append(float(task.learn(known, new)))
    seconds, mean = (time.process_time() - start) / seeds, statistics.mean(scores)
    met = task.reached(mean) and seconds <= task.seconds
    line = f"{name:15}{task.what} {mean:.3f} ({min(scores):.3f} to {max(scores):.3f})"
    line += f", {seconds:.1f} s; target {task.target} in {task.seconds:.0f} s: "
    line += "met" if met else "MISSED"
    if task.rival:
        line += f"; {task.rival.__name__.replace('_', ' ')} {task.rival(known, new):.3f}"
    print(line, flush=True)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", nargs="*", metavar="task", help=", ".join(TASKS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--validation", action="store_true", help="judge by held-out training data")
    asked = parser.parse_args()
    print(f"mean of {asked.seeds} seeds{', held-out training data' * asked.validation}")
    with threadpool_limits(1):
        met = [measure(name, asked.seeds, asked.validation) for name in asked.tasks or TASKS]
    return met.count(False)


if __name__ == "__main__":
    sys.exit(main())
