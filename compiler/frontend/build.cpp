#include "compiler/frontend/build.h"

#include "compiler/frontend/constructs.h"
#include "compiler/frontend/translator.h"

namespace metate::frontend {

using support::MessageId;

std::optional<ir::Function> build(const bytecode::CodeObject& code, const bytecode::DecodedFunction& decoded,
                                  Environment& environment, ir::Universe& universe, const ir::FunctionOptions& options,
                                  support::Diagnostics& diagnostics) {
  auto location = [&](support::SourceRange range) { return support::Location{code.filename, code.name, range}; };
  if (std::optional<UnsupportedConstruct> found = find_unsupported(code, decoded)) {
    diagnostics.error(MessageId::kUnsupportedConstruct, location(found->place), {found->what});
    return std::nullopt;
  }

  base::Result<FlowGraph> graph = make_flow_graph(code, decoded);
  uint32_t arguments = code.argument_count + code.keyword_only_count + ((code.flags & bytecode::kVarArgs) != 0 ? 1 : 0);
  if (!graph || arguments > decoded.variables.size()) {
    std::string what = graph ? "more arguments than variables" : graph.error().message;
    diagnostics.error(MessageId::kMalformedBytecode, location({.line = code.first_line}), {code.name, what});
    return std::nullopt;
  }
  Assignments assignments = find_assignments(*graph, decoded, arguments);
  return Translator({code, decoded, *std::move(graph), std::move(assignments)}, environment, universe, options,
                    diagnostics)
      .run();
}

}  // namespace metate::frontend
