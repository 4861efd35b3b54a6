#include "client/cli/headings.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace dataip::client {
namespace {

struct Row {
  absl::string_view name;  // as the commands write it
  absl::string_view zh;
  absl::string_view en;
};

constexpr std::array kRows = {
    Row{"algorithm", "算法", "algorithm"},
    Row{"certificate", "证书", "certificate"},
    Row{"file", "文件", "file"},
    Row{"key_id", "密钥标识", "key_id"},
    Row{"public_key", "公钥", "public_key"},
    Row{"subject", "主题", "subject"},
    Row{"不予登记依据", "不予登记依据", "grounds of refusal"},
    Row{"主体", "主体", "party"},
    Row{"主体号", "主体号", "party"},
    Row{"价格", "价格", "price"},
    Row{"代码表", "代码表", "table"},
    Row{"依据版本", "依据版本", "version"},
    Row{"使用人", "使用人", "used by"},
    Row{"内容", "内容", "content"},
    Row{"决定时钟", "决定时钟", "clock"},
    Row{"参考号", "参考号", "reference"},
    Row{"发证机构", "发证机构", "issuing authorities"},
    Row{"变更说明", "变更说明", "changes"},
    Row{"合同号", "合同号", "contract"},
    Row{"名称", "名称", "name"},
    Row{"命令", "命令", "command"},
    Row{"命令机关", "命令机关", "ordered by"},
    Row{"地区", "地区", "region"},
    Row{"备案时间", "备案时间", "filed"},
    Row{"失效", "失效", "expires"},
    Row{"存证 SHA-256", "存证 SHA-256", "deposit"},
    Row{"存证 SM3", "存证 SM3", "deposit"},
    Row{"官员", "官员", "officer"},
    Row{"对象", "对象", "subject"},
    Row{"已封存", "已封存", "sealed"},
    Row{"已开立", "已开立", "opened"},
    Row{"开立", "开立", "opened"},
    Row{"接受演示", "接受演示", "demonstration"},
    Row{"数据规模", "数据规模", "records"},
    Row{"文件", "文件", "file"},
    Row{"方式", "方式", "kind"},
    Row{"有效期", "有效期", "valid"},
    Row{"期间", "期间", "period"},
    Row{"期限", "期限", "due"},
    Row{"查重", "查重", "duplicates"},
    Row{"预检", "预检", "pre-check"},
    Row{"核查声明", "核查声明", "checklist"},
    Row{"根密钥", "根密钥", "root key"},
    Row{"法律依据", "法律依据", "legal basis"},
    Row{"演示", "演示", "demonstration"},
    Row{"版本", "版本", "version"},
    Row{"状态", "状态", "state"},
    Row{"状态有效期", "状态有效期", "status is fresh for"},
    Row{"理由", "理由", "reason"},
    Row{"申请人", "申请人", "applicant"},
    Row{"申请号", "申请号", "application"},
    Row{"登记主体", "登记主体", "holder"},
    Row{"登记号", "登记号", "registration"},
    Row{"登记时间", "登记时间", "registered"},
    Row{"签发", "签发", "issued"},
    Row{"签名", "签名", "signatures"},
    Row{"类别", "类别", "kind"},
    Row{"结果", "结果", "result"},
    Row{"统一社会信用代码", "统一社会信用代码", "USCC"},
    Row{"编号", "编号", "reference"},
    Row{"行", "行", "line"},
    Row{"行为人", "行为人", "actor"},
    Row{"行数", "行数", "rows"},
    Row{"补正事项", "补正事项", "corrections"},
    Row{"被许可人", "被许可人", "licensee"},
    Row{"规则", "规则", "rules"},
    Row{"见证人", "见证人", "witnesses"},
    Row{"许可人", "许可人", "licensor"},
    Row{"许可编号", "许可编号", "licence"},
    Row{"证书编号", "证书编号", "certificate"},
    Row{"负担", "负担", "burdens"},
    Row{"账本", "账本", "ledger"},
    Row{"账本密钥", "账本密钥", "ledger keys"},
    Row{"账本序号", "账本序号", "index"},
    Row{"职责", "职责", "roles"},
    Row{"运用记录", "运用记录", "usage"},
    Row{"运用金额", "运用金额", "realised value"},
    Row{"原因与处理", "原因与处理", "reason and remedy"},
    Row{"删除条目", "删除条目", "entries to erase"},
    Row{"密钥", "密钥", "key"},
};

std::string InBoth(absl::string_view name, absl::string_view between) {
  for (const Row& row : kRows) {
    if (row.name == name) return absl::StrCat(row.zh, between, row.en);
  }
  return std::string(name);
}

}  // namespace

std::string ColumnHeading(absl::string_view name) { return InBoth(name, "/"); }

std::string LineHeading(absl::string_view name) { return InBoth(name, " / "); }

}  // namespace dataip::client
