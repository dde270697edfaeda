#include "runtime/ze_software/execution_gate.h"

#include <pthread.h>

#include "runtime/base/at_fork.h"

namespace metate::ze_software {
namespace {

// The kind that lets a writer in although readers keep coming: queues that are never idle must not keep out who pauses
// them. The standard's shared_mutex does not promise that. An operation never contains another one.
pthread_rwlock_t the_gate = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

// Those that held it are not there in a forked child.
const base::AtFork kOpensTheGate(nullptr, nullptr, [] {
  const pthread_rwlock_t open = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
  the_gate = open;
});

}  // namespace

OperationScope::OperationScope() { pthread_rwlock_rdlock(&the_gate); }
OperationScope::~OperationScope() { pthread_rwlock_unlock(&the_gate); }

ExecutionPause::ExecutionPause() { pthread_rwlock_wrlock(&the_gate); }
ExecutionPause::~ExecutionPause() { pthread_rwlock_unlock(&the_gate); }

}  // namespace metate::ze_software
