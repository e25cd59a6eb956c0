"""Write the encoder as an ONNX graph. Only used while training; ``onnx`` is not imported when serving."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from bot.nlu.encoder.reference import EPSILON, HEADS, LAYERS, WIDTH
from bot.nlu.encoder.weights import Weights

IDS, MASK, OUTPUT = "ids", "mask", "vectors"
OPSET = 20  # the first with an exact Gelu of its own
IR_VERSION = 9
MOST_TOKENS = 128


def build(weights: Weights) -> ModelProto:
    """Return a float32 model: ``ids``, ``mask`` int64 (n, tokens) -> ``vectors`` float32 (n, 384), unit length."""
    return _Builder(weights).model()


class _Builder:
    """Collects nodes and tensors; every method returns the name of the value it adds."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.tensors: dict[str, TensorProto] = {}

    def model(self) -> ModelProto:
        bias = self._mask_bias()
        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, bias)
        self._pool(hidden)
        rows = ["n", "tokens"]
        graph = helper.make_graph(
            self.nodes,
            "sentence_encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, rows) for name in (IDS, MASK)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", WIDTH])],
            list(self.tensors.values()),
        )
        opsets = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="npq-guide")

    def _add(self, op: str, name: str, *inputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def _tensor(self, name: str, value: NDArray[Any]) -> str:
        self.tensors.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _scalar(self, name: str, value: float) -> str:
        return self._tensor(name, np.array(value, dtype=np.float32))

    def _ints(self, name: str, *values: int) -> str:
        return self._tensor(name, np.array(values, dtype=np.int64))

    def _mask_bias(self) -> str:
        """0 where a token is real, a very negative number where it is padding; shape (n, 1, 1, tokens)."""
        real = self._add("Cast", "mask.float", MASK, to=TensorProto.FLOAT)
        padding = self._add("Sub", "mask.padding", self._scalar("one", 1.0), real)
        far = self._add("Mul", "mask.far", padding, self._scalar("far", -1e9))
        return self._add("Unsqueeze", "mask.bias", far, self._ints("axes.heads", 1, 2))

    def _embeddings(self) -> str:
        table = self._tensor("embeddings.words", self.weights["embeddings.word_embeddings.weight"])
        words = self._add("Gather", "embeddings.gather", table, IDS)
        # Sentences have one token type, so its vector can be added to the places beforehand.
        places = self.weights["embeddings.position_embeddings.weight"][:MOST_TOKENS]
        places = places + self.weights["embeddings.token_type_embeddings.weight"][0]
        shape = self._add("Shape", "embeddings.length", IDS, start=1, end=2)
        kept = self._add("Slice", "embeddings.places", self._tensor("places", places), self._ints("zero", 0), shape)
        total = self._add("Add", "embeddings.sum", words, kept)
        return self._normalise("embeddings.LayerNorm", total)

    def _layer(self, name: str, hidden: str, bias: str) -> str:
        attended = self._attention(f"{name}.attention.self", hidden, bias)
        attended = self._dense(f"{name}.attention.output.dense", attended)
        total = self._add("Add", f"{name}.attention.residual", attended, hidden)
        hidden = self._normalise(f"{name}.attention.output.LayerNorm", total)
        wide = self._dense(f"{name}.intermediate.dense", hidden)
        wide = self._add("Gelu", f"{name}.gelu", wide)
        narrow = self._dense(f"{name}.output.dense", wide)
        total = self._add("Add", f"{name}.residual", narrow, hidden)
        return self._normalise(f"{name}.output.LayerNorm", total)

    def _attention(self, name: str, hidden: str, bias: str) -> str:
        # The scale goes into the query's weights: one multiplication fewer for every message.
        scale = 1.0 / math.sqrt(WIDTH // HEADS)
        query = self._heads(f"{name}.query", hidden, (0, 2, 1, 3), scale)
        key = self._heads(f"{name}.key", hidden, (0, 2, 3, 1))
        value = self._heads(f"{name}.value", hidden, (0, 2, 1, 3))
        scores = self._add("MatMul", f"{name}.scores", query, key)
        scores = self._add("Add", f"{name}.masked", scores, bias)
        shares = self._add("Softmax", f"{name}.shares", scores, axis=-1)
        mixed = self._add("MatMul", f"{name}.mixed", shares, value)
        mixed = self._add("Transpose", f"{name}.joined", mixed, perm=(0, 2, 1, 3))
        return self._add("Reshape", f"{name}.flat", mixed, self._ints("shape.flat", 0, 0, WIDTH))

    def _heads(self, name: str, hidden: str, order: tuple[int, ...], scale: float = 1.0) -> str:
        dense = self._dense(name, hidden, scale)
        split = self._add("Reshape", f"{name}.split", dense, self._ints("shape.heads", 0, 0, HEADS, WIDTH // HEADS))
        return self._add("Transpose", f"{name}.heads", split, perm=order)

    def _dense(self, name: str, hidden: str, scale: float = 1.0) -> str:
        weight = self._tensor(f"{name}.weight", self.weights[f"{name}.weight"].T * np.float32(scale))
        bias = self._tensor(f"{name}.bias", self.weights[f"{name}.bias"] * np.float32(scale))
        product = self._add("MatMul", f"{name}.product", hidden, weight)
        return self._add("Add", f"{name}.dense", product, bias)

    def _normalise(self, name: str, hidden: str) -> str:
        weight = self._tensor(f"{name}.weight", self.weights[f"{name}.weight"])
        bias = self._tensor(f"{name}.bias", self.weights[f"{name}.bias"])
        return self._add("LayerNormalization", name, hidden, weight, bias, axis=-1, epsilon=EPSILON)

    def _pool(self, hidden: str) -> None:
        """Mean over the real tokens, then unit length."""
        kept = self._add("Unsqueeze", "pool.mask", "mask.float", self._ints("axis.last", 2))
        real = self._add("Mul", "pool.real", hidden, kept)
        total = self._add("ReduceSum", "pool.sum", real, self._ints("axis.tokens", 1), keepdims=0)
        # The mean differs from the sum by a factor, which unit length removes again.
        length = self._add("ReduceL2", "pool.length", total, self._ints("axis.width", 1), keepdims=1)
        self._add("Div", OUTPUT, total, length)
