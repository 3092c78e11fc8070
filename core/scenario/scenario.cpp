#include "core/scenario/scenario.h"
