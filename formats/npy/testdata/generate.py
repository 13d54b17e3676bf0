# Writes the files that npy_test.go reads. Element i of every array, counted in
# C order, is i; bool: i % 3 == 0; complex: i - 2i·j.
import io
import zipfile
import numpy as np

def values(code, shape):
    i = np.arange(int(np.prod(shape))).reshape(shape)
    if code == "b1":
        return i % 3 == 0
    return i - 2j * i if code[0] == "c" else i

arrays = {}
for code in "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split():
    for order in "<>":
        for layout in "CF":
            a = values(code, (2, 3, 4)).astype(order + code)
            arrays["%s_%s_%s" % (code, "le" if order == "<" else "be", layout)] = np.array(a, order=layout)
for name, shape in {"scalar": (), "vector": (5,), "empty": (0, 3), "five": (1, 2, 1, 3, 2)}.items():
    arrays["f4_le_" + name] = values("f4", shape).astype("<f4")

with zipfile.ZipFile("dtypes.npz", "w", zipfile.ZIP_DEFLATED) as z:
    for name, a in arrays.items():
        f = io.BytesIO()
        np.lib.format.write_array(f, a)
        z.writestr(zipfile.ZipInfo(name + ".npy"), f.getvalue(), zipfile.ZIP_DEFLATED, 9)
    for version in (2, 3):
        f = io.BytesIO()
        np.lib.format.write_array(f, arrays["f4_le_C"], version=(version, 0))
        z.writestr(zipfile.ZipInfo("version%d.npy" % version), f.getvalue(), zipfile.ZIP_STORED)
    for name, a in {"bytes": np.array([b"ab"]), "text": np.array(["ab"]), "date": np.array(["2020-01-01"], "M8[D]"),
                    "object": np.array([None, 1]), "record": np.zeros(2, [("x", "f4"), ("y", "i2")]),
                    "raw": np.zeros(2, "V3")}.items():
        f = io.BytesIO()
        np.lib.format.write_array(f, a)
        z.writestr(zipfile.ZipInfo("refused_" + name + ".npy"), f.getvalue(), zipfile.ZIP_DEFLATED, 9)
