// What a client says of the rows of a mended filing table before it sends them:
// which application each stands for, what the registry would not take of it.
//
// Pure functions; safe from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/cli/corrected_row.h"
#include "core/hash/hash.h"
#include "dataip/registry/v1/queries.pb.h"

namespace dataip::client {

// What became of one row.
enum class CorrectionResult {
  kCorrected,         // now
  kAlreadyCorrected,  // by an earlier run of which the journal knows
  kValid,             // dry run: it would be corrected
  kNotOpen,           // nothing to correct: see violations, which say why
  kRejected,          // see violations
  kNotReached,        // the run ended before it
};

struct CorrectionOutcome {
  uint64_t line = 0;
  std::string client_reference;
  std::string application_no;
  std::string name;  // as it was filed
  CorrectionResult result = CorrectionResult::kNotReached;
  // Fields of the form that change, and those that a defect names and that do
  // not; known of rows that were read.
  std::set<std::string> changed;
  std::set<std::string> unchanged_defects;
  Violations violations;
};

// Why fields change that no defect names: field of the form -> reason.
using ChangeReasons = std::map<std::string, std::string>;

// The rows with the applications of this party that they stand for, by their
// references. Rejected: rows without a reference, broken ones, those whose
// reference stands in a row before. kNotOpen: where there is no application,
// or it waits for no correction; kNotReached: all others.
std::vector<CorrectionOutcome> MatchRows(
    const CsvTable& table, const std::string& party,
    const std::vector<registry::v1::ApplicationSummary>& applications);

// What the registry would not take of this correction (T4): changed fields that
// neither a defect nor a reason names, what differs and must stay, nothing
// changed at all. And sealed texts that the row has in clear: a reason for all
// rows says of no one row that it may be published.
Violations CheckCorrection(const registry::v1::Application& application,
                           const CorrectedRow& corrected,
                           const ChangeReasons& reasons);

// Those of the reasons that this correction needs: of fields that changed and
// that no defect names.
std::vector<registry::v1::ChangeReason> ReasonsFor(
    const registry::v1::Application& application,
    const std::set<std::string>& changed, const ChangeReasons& reasons);

// Told of a row whose application waits for no correction.
void TellNotOpen(registry::v1::ApplicationState state,
                 CorrectionOutcome& outcome);

// Of everything that the row gives, its salts left out: equal exactly when the
// row says the same once more. `corrected` before SetIssuedAt.
hash::Hash ContentOf(const CorrectedRow& corrected,
                     const ChangeReasons& reasons);

}  // namespace dataip::client
