// queue_submit – Queue.submit and Queue.submit_async: how launches come to a queue that is named.
#pragma once

#include "python/ext/ref.h"

namespace metate::ext {

/// For the type of queues; ends with an entry of nulls.
extern PyMethodDef submit_methods[];

}  // namespace metate::ext
