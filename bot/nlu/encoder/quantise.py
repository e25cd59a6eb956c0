"""Make the encoder small: int8 weights, activations quantised as they come (ONNX Runtime's dynamic scheme)."""

from __future__ import annotations

from pathlib import Path

from onnx import ModelProto
from onnxruntime.quantization import QuantType, quantize_dynamic

OPERATORS = ["MatMul", "Gather"]  # Gather: the word table, half of the model's size


def quantise(model: ModelProto, target: Path) -> None:
    """Write the int8 version of a float32 model to ``target``."""
    quantize_dynamic(
        model,
        target,
        op_types_to_quantize=OPERATORS,
        weight_type=QuantType.QInt8,
        per_channel=True,
        # 7 bits: with 8, processors without VNNI overflow their 16-bit sums and quality drops there.
        reduce_range=True,
        extra_options={"MatMulConstBOnly": True},  # attention itself stays in float
        # Weights in a file beside the graph are mapped, not read: of the word table only words that were said are in
        # memory, 10 MB less, and several processes share them.
        use_external_data_format=True,
    )
