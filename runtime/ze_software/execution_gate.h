// execution_gate – lets the operations of all queues run, or none of them while memory is exchanged under them.
#pragma once

namespace metate::ze_software {

/// Around each operation that touches memory; waits while somebody has paused them. Not around what waits itself.
class OperationScope {
 public:
  OperationScope();
  ~OperationScope();

  OperationScope(const OperationScope&) = delete;
  OperationScope& operator=(const OperationScope&) = delete;
};

/// Waits until the operations that run are done; none begins as long as this lives.
class ExecutionPause {
 public:
  ExecutionPause();
  ~ExecutionPause();

  ExecutionPause(const ExecutionPause&) = delete;
  ExecutionPause& operator=(const ExecutionPause&) = delete;
};

}  // namespace metate::ze_software
