// scratch – a function that operations are written into for the sake of the types of their results.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

class Scratch {
 public:
  Scratch(ir::Universe& universe, CalleeProvider& callees, const ir::FunctionOptions& options,
          std::vector<ir::SourcePlace> sources)
      : function_(universe, universe.symbols.intern("scratch")), writer_(function_, callees) {
    function_.stage = ir::Stage::kArray;
    function_.options = options;
    function_.sources = std::move(sources);
    start_block();
  }

  Writer& writer() { return writer_; }
  /// Time for a new one: what is written is never read again.
  bool full() const { return function_.inst_count() > 20000; }
  void start_block() { writer_.builder().position(function_.add_block(function_.body())); }

 private:
  ir::Function function_;
  Writer writer_;
};

}  // namespace metate::infer
