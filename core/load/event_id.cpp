#include "core/load/event_id.h"
