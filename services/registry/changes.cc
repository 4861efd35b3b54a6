#include "services/registry/changes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/registry/request/requests.h"
#include "services/common/error.h"
#include "services/registry/caller.h"
#include "services/registry/licensees.h"

namespace dataip::registryd {
namespace {

using registry::State;
using Type = registry::ObjectType;
using Parties = std::set<std::string>;
using Object = EventObject;

Parties PartiesOf(const v1::ApplicationForm& form) {
  Parties parties;
  for (const v1::Applicant& one : form.applicants()) {
    parties.insert(one.party_number());
  }
  return parties;
}

Parties PartiesOf(const v1::Application& application) {
  return PartiesOf(application.form());
}

Parties PartiesOf(const v1::CertificateContent& content) {
  Parties parties;
  for (const v1::Holder& holder : content.holders()) {
    parties.insert(holder.party_number());
  }
  return parties;
}

Parties PartiesOf(const v1::Draft& draft) {
  Parties parties = PartiesOf(draft.form());
  parties.insert(draft.cosigned().begin(), draft.cosigned().end());
  return parties;
}

// Parties of objects: of those that this entry makes, else of the state before
// it.
class PartyBook {
 public:
  PartyBook(const State& before, const v1::Transition& transition)
      : before_(before) {
    for (const v1::Event& event : transition.events()) Note(event);
  }

  Parties Of(const Object& object) const {
    Parties parties = Before(object);
    const auto made = made_.find({object.type, object.number});
    if (made != made_.end()) {
      parties.insert(made->second.begin(), made->second.end());
    }
    parties.erase("");
    return parties;
  }

  // Those who have a part in every one of them.
  Parties OfAll(
      const google::protobuf::RepeatedPtrField<std::string>& numbers) const {
    Parties all;
    for (int i = 0; i < numbers.size(); ++i) {
      const Parties one = Of({Type::kApplication, numbers.Get(i)});
      Parties both;
      std::set_intersection(all.begin(), all.end(), one.begin(), one.end(),
                            std::inserter(both, both.end()));
      all = i == 0 ? one : std::move(both);
    }
    return all;
  }

  const State& before() const { return before_; }

 private:
  void Make(Type type, const std::string& number, Parties parties) {
    made_[{type, number}].merge(parties);
  }

  Parties Holders(const std::string& certificate) const {
    return Of({Type::kCertificate, certificate});
  }

  Parties WithPledgees(const std::string& certificate) const {
    Parties parties = Holders(certificate);
    const auto* found = registry::FindCertificate(before_, certificate);
    if (found != nullptr) {
      parties.merge(registry::PledgeesOf(before_, *found));
    }
    return parties;
  }

  Parties OfObjection(const v1::Objection& objection) const {
    Parties parties = Of({Type::kApplication, objection.application_no()});
    parties.insert(objection.objector());
    return parties;
  }

  Parties OfRequest(const v1::CertificateRequest& request) const {
    Parties parties = Holders(request.certificate_number());
    parties.insert(request.requester());
    parties.insert(request.cosigners().begin(), request.cosigners().end());
    return parties;
  }

  Parties OfPledge(const v1::Pledge& pledge) const {
    Parties parties = Holders(pledge.certificate_number());
    parties.insert(pledge.pledgee());
    return parties;
  }

  // Objects as the events that make or renew them tell.
  void Note(const v1::Event& event) {
    if (event.has_application_submitted()) {
      const auto& one = event.application_submitted().application();
      Make(Type::kApplication, one.application_no(), PartiesOf(one));
    } else if (event.has_correction_filed()) {
      Make(Type::kApplication, event.correction_filed().application_no(),
           PartiesOf(event.correction_filed().form()));
    } else if (event.has_application_prepared()) {
      const v1::Draft& draft = event.application_prepared().draft();
      Make(Type::kDraft, draft.draft_no(), PartiesOf(draft));
    } else if (event.has_attorney_granted()) {
      const auto& power = event.attorney_granted().attorney();
      Make(Type::kAttorney, power.attorney_no(),
           {power.principal(), power.agent()});
    } else if (event.has_certificate_issued()) {
      v1::CertificateContent content;
      content.ParseFromString(event.certificate_issued().content());
      Make(Type::kCertificate, content.number(), PartiesOf(content));
    } else if (event.has_licence_filed()) {
      const v1::Licence& licence = event.licence_filed().licence();
      Make(Type::kLicence, licence.licence_no(),
           {licence.licensor(), licence.licensee()});
    } else {
      NoteProceeding(event);
    }
  }

  void NoteProceeding(const v1::Event& event) {
    if (event.has_objection_filed()) {
      const v1::Objection& one = event.objection_filed().objection();
      Make(Type::kObjection, one.objection_no(), OfObjection(one));
    } else if (event.has_request_filed()) {
      const v1::CertificateRequest& one = event.request_filed().request();
      Make(Type::kRequest, one.request_no(), OfRequest(one));
    } else if (event.has_revocation_opened()) {
      const v1::Revocation& one = event.revocation_opened().revocation();
      Make(Type::kRevocation, one.revocation_no(),
           WithPledgees(one.certificate_number()));
    } else if (event.has_certificate_frozen()) {
      const v1::Freeze& one = event.certificate_frozen().freeze();
      Make(Type::kFreeze, one.freeze_no(),
           WithPledgees(one.certificate_number()));
    } else if (event.has_pledge_registered()) {
      const v1::Pledge& one = event.pledge_registered().pledge();
      Make(Type::kPledge, one.pledge_no(), OfPledge(one));
    }
  }

  Parties Before(const Object& object) const {
    const std::string& number = object.number;
    if (object.type == Type::kParty) return {number};
    if (object.type == Type::kApplication) {
      const auto* found = registry::FindApplication(before_, number);
      return found == nullptr ? Parties() : PartiesOf(*found);
    }
    if (object.type == Type::kCertificate) {
      const auto* found = registry::FindCertificate(before_, number);
      return found == nullptr ? Parties() : PartiesOf(found->content());
    }
    if (object.type == Type::kLicence) {
      const auto* found = registry::FindLicence(before_, number);
      if (found == nullptr) return {};
      return {found->licence.licensor(), found->licence.licensee()};
    }
    if (object.type == Type::kDraft) {
      const auto* found = registry::FindDraft(before_, number);
      return found == nullptr ? Parties() : PartiesOf(*found);
    }
    return BeforeProceeding(object);
  }

  Parties BeforeProceeding(const Object& object) const {
    const std::string& number = object.number;
    if (object.type == Type::kAttorney) {
      const auto found = before_.attorneys.find(number);
      if (found == before_.attorneys.end()) return {};
      return {found->second.principal(), found->second.agent()};
    }
    if (object.type == Type::kObjection) {
      const auto* found = registry::FindObjection(before_, number);
      return found == nullptr ? Parties() : OfObjection(*found);
    }
    if (object.type == Type::kRequest) {
      const auto* found = registry::FindRequest(before_, number);
      return found == nullptr ? Parties() : OfRequest(*found);
    }
    if (object.type == Type::kRevocation) {
      const auto* found = registry::FindRevocation(before_, number);
      if (found == nullptr) return {};
      return WithPledgees(found->certificate_number());
    }
    if (object.type == Type::kFreeze) {
      const auto found = before_.freezes.find(number);
      if (found == before_.freezes.end()) return {};
      return WithPledgees(found->second.certificate_number());
    }
    if (object.type == Type::kPledge) {
      const auto found = before_.pledges.find(number);
      return found == before_.pledges.end() ? Parties()
                                            : OfPledge(found->second);
    }
    return {};
  }

  const State& before_;
  std::map<std::pair<Type, std::string>, Parties> made_;
};

class Gathering {
 public:
  Gathering(const State& before, const v1::Transition& transition)
      : book_(before, transition) {}

  void Add(const v1::Event& event) {
    if (event.has_deadlines_recomputed()) {
      for (const auto& one : event.deadlines_recomputed().deadlines()) {
        AddObject(event, RecomputedObject(book_.before(), one.object()));
      }
      return;
    }
    const Object object = ObjectOf(event);
    AddObject(event, object);
    if (event.has_batch_decided()) {
      lines_.back().parties =
          book_.OfAll(event.batch_decided().application_nos());
    }
    AddMoved(event, object);
  }

  std::vector<ChangedLine> Take(absl::string_view actor) {
    // An agent has a part in what it did.
    if (!lines_.empty() &&
        registry::FindParty(book_.before(), actor) != nullptr &&
        lines_.front().parties.count(std::string(actor)) == 0) {
      lines_.front().quiet.insert(std::string(actor));
    }
    return std::move(lines_);
  }

 private:
  void AddObject(const v1::Event& event, const Object& object) {
    const bool officer = object.type == Type::kOfficer;
    named_.insert(object.number);
    lines_.push_back(
        {EventName(event),
         officer ? absl::StrCat(registry::kOfficerPrefix, object.number)
                 : object.number,
         AudienceOf(object, event), book_.Of(object), AgentOf(object)});
    lines_.back().parties.merge(LicenseesToldOf(book_.before(), event));
    if (object.type == Type::kApplication && !event.has_notice_opened() &&
        !WasNoticed(object)) {
      ChangedLine& line = lines_.back();
      line.quiet.merge(std::exchange(line.parties, {}));
    }
  }

  bool WasNoticed(const Object& object) const {
    const auto* found =
        registry::FindApplication(book_.before(), object.number);
    return found != nullptr && IsNoticed(*found);
  }

  // The one that filed the application.
  Parties AgentOf(const Object& object) const {
    if (object.type != Type::kApplication) return {};
    const auto* found =
        registry::FindApplication(book_.before(), object.number);
    if (found == nullptr || found->agent().empty()) return {};
    return {found->agent()};
  }

  void AddMoved(const v1::Event& event, const Object& object) {
    if (MovesApplication(event)) {
      const auto* found =
          registry::FindObjection(book_.before(), object.number);
      if (found == nullptr) return;
      AddObject(event, {Type::kApplication, found->application_no()});
    } else if (MovesObjections(event)) {
      const auto* found =
          registry::FindApplication(book_.before(), object.number);
      if (found == nullptr) return;
      for (const std::string& open : found->open_objections()) {
        if (named_.count(open) == 0) AddObject(event, {Type::kObjection, open});
      }
    }
  }

  const PartyBook book_;
  std::set<std::string> named_;
  std::vector<ChangedLine> lines_;
};

}  // namespace

std::vector<ChangedLine> ChangesOf(const State& before, absl::string_view actor,
                                   const v1::Transition& transition) {
  Gathering gathering(before, transition);
  for (const v1::Event& event : transition.events()) gathering.Add(event);
  return gathering.Take(actor);
}

std::string EncodeChanges(const ChangedEntry& entry) {
  std::string bytes = absl::StrCat(entry.decided_at_ms);
  for (const ChangedLine& line : entry.lines) {
    absl::StrAppend(&bytes, "\n", static_cast<int>(line.audience), "\t",
                    line.event, "\t", line.object_no, "\t",
                    absl::StrJoin(line.parties, ","), "\t",
                    absl::StrJoin(line.quiet, ","));
  }
  return bytes;
}

absl::StatusOr<ChangedEntry> DecodeChanges(uint64_t index,
                                           absl::string_view bytes) {
  const auto damaged = [index] {
    return absl::DataLossError(absl::StrCat(
        "the projection's line of entry ", index,
        " is damaged: delete the folder `projections`, it is rebuilt"));
  };
  ChangedEntry entry;
  entry.index = index;
  const std::vector<absl::string_view> rows = absl::StrSplit(bytes, '\n');
  if (!absl::SimpleAtoi(rows.front(), &entry.decided_at_ms)) return damaged();
  for (size_t i = 1; i < rows.size(); ++i) {
    const std::vector<std::string> cells = absl::StrSplit(rows[i], '\t');
    int audience = 0;
    if (cells.size() != 5 || !absl::SimpleAtoi(cells[0], &audience) ||
        audience < 0 || audience > static_cast<int>(Audience::kOfficers)) {
      return damaged();
    }
    entry.lines.push_back({cells[1], cells[2], static_cast<Audience>(audience),
                           absl::StrSplit(cells[3], ',', absl::SkipEmpty()),
                           absl::StrSplit(cells[4], ',', absl::SkipEmpty())});
  }
  return entry;
}

}  // namespace dataip::registryd
