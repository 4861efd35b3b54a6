#pragma once
#include "client/status.h"
