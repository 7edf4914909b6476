"""Makes the part of Fashion-MNIST that md4-cli carries.

    python3 fashion-part.py FOLDER RESOURCES

FOLDER holds the published train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. Written to RESOURCES are its first
8,000 pictures and labels, to train on, and the next 1,000, to validate on, as IDX files packed as `gzip -9n` does.
The published test files are not touched. Prints the sha256 of what was unpacked and of what was written, before packing.
"""

import gzip
import hashlib
import struct
import sys
from pathlib import Path

PARTS = {"train": (0, 8000), "valid": (8000, 9000)}


def main(folder: Path, resources: Path) -> None:
    for kind, header in (("images-idx3", 16), ("labels-idx1", 8)):
        name = f"train-{kind}-ubyte"
        whole = gzip.decompress((folder / f"{name}.gz").read_bytes())
        print(hashlib.sha256(whole).hexdigest(), name)
        count = struct.unpack(">I", whole[4:8])[0]
        record = (len(whole) - header) // count
        for part, (begin, end) in PARTS.items():
            cut = whole[:4] + struct.pack(">I", end - begin) + whole[8:header]
            cut += whole[header + begin * record : header + end * record]
            out = f"{part}-{kind}-ubyte"
            print(hashlib.sha256(cut).hexdigest(), "->", out)
            (resources / f"{out}.gz").write_bytes(gzip.compress(cut, 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
