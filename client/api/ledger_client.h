#pragma once
#include "client/ledger_client.h"
