"""The table of lessons: the one list that the command line, the README and the tests read."""

from dataclasses import dataclass

from nnlearn.course.paths import course_root


class UnknownLesson(Exception):
    """There is no such lesson; the text lists those that there are."""


@dataclass(frozen=True)
class Lesson:
    stem: str
    title: str
    teaches: str
    demo: str = ""
    milestone: str = ""

    @property
    def number(self) -> str:
        return self.stem[:2]

    @property
    def is_built(self) -> bool:
        return (course_root() / "source" / f"{self.stem}.py").is_file()


LESSONS = (
    Lesson(
        "00_start_here",
        "Start here",
        "arrays, axes, broadcasting; how checks and hints work",
        "digits reader, shape tracer",
        "1,287 stored pictures read new handwriting",
    ),
    Lesson(
        "01_neurons",
        "Neurons",
        "weighted sum, bias, threshold, perceptron rule, linear separability",
        "neuron lab",
        "two clouds separated; XOR stays impossible",
    ),
    Lesson(
        "02_weights_and_biases",
        "Weights and biases",
        "a layer as a matrix, parameter counts, what a bias does, first weights",
        "signal lab",
    ),
    Lesson(
        "03_activations",
        "Activations",
        "step, sigmoid, tanh, ReLU family, GELU, softmax; saturation; stability",
        "activation bench",
    ),
    Lesson(
        "04_losses",
        "Losses",
        "MSE, MAE, Huber, cross-entropy; which when; regression against classification",
        "loss sculptor",
    ),
    Lesson(
        "05_gradient_descent",
        "Gradient descent",
        "slope, learning rate, divergence, curvature, numerical gradient",
        "descent terrain",
        "a line fitted to real data",
    ),
    Lesson(
        "06_batches_and_optimizers",
        "Batches and optimizers",
        "batch size, epochs, momentum, RMSProp, Adam, schedules, validation split",
        "descent terrain (race)",
    ),
    Lesson(
        "07_backpropagation",
        "Backpropagation",
        "chain rule, computational graph, reverse mode, gradient check",
        "backprop stepper",
        "own engine solves XOR",
    ),
    Lesson(
        "08_multilayer_perceptrons",
        "Multilayer perceptrons",
        "layers, training loop, universal approximation, width and depth, confusion matrix",
        "playground, function builder",
        "own MLP reads digits",
    ),
    Lesson(
        "09_regularization",
        "Regularization",
        "overfitting, weight decay, dropout, early stopping, normalization, augmentation",
        "regularise lab",
        "gap closed",
    ),
    Lesson(
        "10_convolutional_networks",
        "Convolutional networks",
        "kernels, stride, padding, channels, pooling, receptive field, feature maps",
        "conv scanner",
        "own CNN beats the MLP on shifted digits",
    ),
    Lesson(
        "11_recurrent_networks",
        "Recurrent networks",
        "hidden state, unrolling, backpropagation through time, vanishing gradients, clipping",
        "recurrent tape",
        "a character model that spells",
    ),
    Lesson(
        "12_lstm",
        "LSTM",
        "gates, cell state, GRU",
        "recurrent tape (gates)",
        "recall over a delay where the RNN fails",
    ),
    Lesson(
        "13_attention",
        "Attention",
        "query, key, value, scaling, masks, heads, positions",
        "attention desk",
    ),
    Lesson(
        "14_transformers",
        "Transformers",
        "blocks, residuals, layer norm, causal language model, encoder-decoder, sampling",
        "attention desk (model)",
        "own Transformer writes and translates",
    ),
    Lesson(
        "15_gans",
        "GANs",
        "generator, discriminator, the two losses, collapse",
        "GAN duel",
        "digits drawn from noise",
    ),
    Lesson(
        "16_vision",
        "Vision",
        "classification, detection, face recognition, generation",
        "digit studio",
    ),
    Lesson(
        "17_language",
        "Language",
        "text classification, sentiment, translation, generation; tokens",
        "live tokenizer",
    ),
    Lesson(
        "18_time_series",
        "Time series",
        "stock prices, weather, anomaly detection; windows, baselines, leakage",
        "forecast desk",
    ),
    Lesson(
        "19_beyond_one_machine",
        "Beyond one machine",
        "the same model in PyTorch, weights carried over, GPU, data-parallel training",
    ),
)


def built() -> tuple[Lesson, ...]:
    """The lessons that are there today, in order."""
    return tuple(lesson for lesson in LESSONS if lesson.is_built)


def find(name: str) -> Lesson:
    """The built lesson called `name`: "1", "01" or "01_neurons"."""
    wanted = name.strip()
    for lesson in built():
        if wanted == lesson.stem or (wanted.isdigit() and int(wanted) == int(lesson.number)):
            return lesson
    there = ", ".join(lesson.stem for lesson in built())
    planned = any(
        wanted == x.stem or (wanted.isdigit() and int(wanted) == int(x.number)) for x in LESSONS
    )
    why = "is planned, not written yet" if planned else "is not a lesson"
    raise UnknownLesson(f"{wanted or 'An empty name'} {why}. Lessons so far: {there}.")
