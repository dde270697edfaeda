#include "compiler/infer/array_call.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/array_index.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/axes.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/elementwise_call.h"
#include "compiler/infer/joining.h"
#include "compiler/infer/nonzero.h"
#include "compiler/infer/products.h"
#include "compiler/infer/sequences.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

using ops::ArrayFunction;

Value fill(Writer& w, const BoundArguments& arguments) {
  assign(w, arguments[0], arguments["value"]);
  return w.none();
}

/// np.shape, np.size, np.ndim
Value ask(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value x = arguments[0];
  if (!x) return {};
  if (!is_numeric(w, x)) return w.error(MessageId::kArgumentType, {"np.shape()", "a", w.describe(x)});
  bool array = w.is_array(x);
  if (function == ArrayFunction::kNdim) return w.integer(array ? w.type(x).ndim : 0);
  if (function == ArrayFunction::kShape) return array ? shape_tuple(w, x) : w.tuple({});
  if (!array) return w.integer(1);
  if (w.is_none(arguments["axis"])) return array_size(w, x);
  std::optional<uint8_t> axis = axis_argument(w, arguments["axis"], w.type(x).ndim);
  return axis ? w.dim(x, *axis) : Value();
}

}  // namespace

Value call_array_function(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  switch (function) {
    case ArrayFunction::kEmpty:
    case ArrayFunction::kZeros:
    case ArrayFunction::kOnes:
    case ArrayFunction::kFull:
    case ArrayFunction::kEmptyLike:
    case ArrayFunction::kZerosLike:
    case ArrayFunction::kOnesLike:
    case ArrayFunction::kFullLike:
    case ArrayFunction::kEye:
    case ArrayFunction::kIdentity:
    case ArrayFunction::kTri:
    case ArrayFunction::kTriu:
    case ArrayFunction::kTril:
      return call_creation(w, function, arguments);
    case ArrayFunction::kArange:
      return arange(w, arguments);
    case ArrayFunction::kLinspace:
      return linspace(w, arguments);
    case ArrayFunction::kCopy:
    case ArrayFunction::kArray:
    case ArrayFunction::kAsarray:
    case ArrayFunction::kAscontiguousarray:
    case ArrayFunction::kAstype:
    case ArrayFunction::kFlatten:
      return call_copy(w, function, arguments);
    case ArrayFunction::kReshape:
    case ArrayFunction::kRavel:
    case ArrayFunction::kTranspose:
    case ArrayFunction::kSwapaxes:
    case ArrayFunction::kSqueeze:
    case ArrayFunction::kExpandDims:
    case ArrayFunction::kFlip:
    case ArrayFunction::kFlipud:
    case ArrayFunction::kFliplr:
    case ArrayFunction::kMoveaxis:
    case ArrayFunction::kBroadcastTo:
      return call_axes_function(w, function, arguments);
    case ArrayFunction::kDot:
    case ArrayFunction::kMatmul:
    case ArrayFunction::kOuter:
    case ArrayFunction::kVdot:
      return call_product(w, function, arguments);
    case ArrayFunction::kWhere:
      return where(w, arguments);
    case ArrayFunction::kTake:
      return take(w, arguments);
    case ArrayFunction::kExtract:
      return extract(w, arguments);
    case ArrayFunction::kNonzero:
    case ArrayFunction::kFlatnonzero:
    case ArrayFunction::kArgwhere:
      return call_nonzero(w, function, arguments);
    case ArrayFunction::kConcatenate:
      return concatenate(w, arguments);
    case ArrayFunction::kStack:
      return stack(w, arguments);
    case ArrayFunction::kVstack:
    case ArrayFunction::kHstack:
    case ArrayFunction::kColumnStack:
      return stack_along(w, function, arguments);
    case ArrayFunction::kAppend:
      return append(w, arguments);
    case ArrayFunction::kFill:
      return fill(w, arguments);
    case ArrayFunction::kShape:
    case ArrayFunction::kSize:
    case ArrayFunction::kNdim:
      return ask(w, function, arguments);
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
