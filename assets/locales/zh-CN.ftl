# 游戏的简体中文文案。语法见 https://projectfluent.org/fluent/guide
#
# 条目及其参数与 src/words/say.rs 一致，顺序相同。玩家名、数据库和系统给出的原话按原样显示。
#
# 用语表（Glossary）
#   player    玩家              score     得分（名词）
#   press     点击（量词“次”）   point     分
#   picked    选中              database  数据库
#   saved     已保存            saving    正在保存
#   sprint    冲刺              ghost     幻影（自己最佳成绩的重现）
#   best      最佳（成绩）       board     排行榜
#   race      比赛              open      发起（比赛）
#   void      作废              countdown 倒计时
#   history   历史              period    时段
#   rank      名次（第 n 名）    streak    连续天数
#   filter    筛选              theme     主题
#   outbox    暂存区            offline   离线
#   owner     所有者            right     权限
#   replay    回放              card      卡片
#   mark      成就              bug       错误
# 数字、英文与汉字之间空一格；句子用全角标点；单位 s、ms 只在“/s”这样的速率中保留。
# 按键名与 keymap.toml 中的写法一致，不翻译。

## 玩家列表

list-players = 玩家
list-month = 本月
list-week = 本周
list-today = 今天
in-utc = { $title }（UTC）
list-to = → { $next }…
shown-of = { $shown } / { $all }
first-of = 前 { $shown }，共 { $all }
searching = 正在搜索…
nobody-fits = 没有符合筛选条件的玩家。
nobody-plays = 还没有玩家。
nameless = （无名）

## 点击区与状态行

rate-over = 最近 { $seconds } 秒 { $rate }
all-time = 总分
add-first = 按 { $key } 添加第一位玩家。
what-a-point-is = 每按一次得一分，一次也不会丢。
pick-with = 用 { $up } 和 { $down } 选择玩家。
new-here = 按 { $key } 添加自己，或用 { $up } 和 { $down } 选择你的名字。
loading = 正在加载…
loading-trouble = 正在加载… { $why }
adding = 正在添加 { $name }…
watching = 旁观中
saved = 已保存
saving = 正在保存 { $presses } 次
not-saved = { $presses } 次尚未保存：{ $why }
others-unseen = { $own }，但看不到其他玩家：{ $why }
leaving-now = 正在退出…
leaving-after = 正在退出：保存 { $presses } 次
next-try = { $seconds } 秒后重试。
trying-again = 正在重试…
leaving = 正在退出…
offline-until =
    { $waiting ->
        [0] 离线，{ $next }
       *[other] 离线，{ $waiting } 次待保存，{ $next }
    }
then-next-try = { $seconds } 秒后重试。
then-trying-again = 正在重试…
then-leaving = 正在退出…
outbox-fails = 连暂存区也无法写入：{ $why }。
kept-here = 已暂存在本机。
kept-far = 已暂存在服务器上。
short-offline = 离线
short-offline-with = 离线：{ $presses } 次
short-waiting = 等待中
short-unsaved = { $presses } 次未保存
short-leaving = 退出中：{ $presses }
nobody-is-picked = 未选中玩家。
too-small = clickoff 需要 { $columns }x{ $rows }

## 弹出的窗口

new-player = 新玩家
edit-player = 编辑玩家
field-name = 名字
field-email = 邮箱
field-optional = 可不填
field-prompt = { $field }：
name-needed = 玩家必须有名字。
field-full = 这里最多容纳 { $most } 个字符。
# 名字下方的提示：这时还没有邮箱一栏。
email-may-be-added = 可以填写邮箱：它用来区分同名的玩家。
email-use = 可不填：用来区分同名的玩家。
email-doubtful = 这不像邮箱地址（如 ada@example.org）。再次保存即可保留。
name-taken = 已有名为 { $name } 的玩家。再次保存即可使用同样的名字。
namesake-question = 这里已有玩家 { $name }（{ $points } 分）。是你吗？
remove-player = 删除玩家
remove-question = 要删除 { $name }（{ $points } 分）吗？此操作无法撤销。
themes = 主题

## 按键表

keys = 按键
keys-more = 更多
keys-play = 游戏中
keys-filter = 筛选时
keys-form = 填写时
keys-namesake = 新玩家的名字已有人使用时
keys-confirm = 确认删除时
keys-sprint = 冲刺开始前
keys-sprinting = 冲刺中和冲刺后
keys-replay = 观看回放时
keys-race = 比赛开始前
keys-racing = 比赛中和比赛后
keys-help = 在本表中
keys-history = 查看历史时
keys-about = 在玩家的主页
keys-themes = 选择主题时
keys-leaving = 退出时
keys-everywhere = 任何地方
keys-mouse = 用鼠标
mouse-button = 按钮
mouse-button-does = 得分
mouse-row = 一行
mouse-row-does = 选中该玩家
mouse-wheel = 滚轮
mouse-wheel-does = 滚动

## 历史

history-of = { $name } 的历史
history-reading = 正在读取…
best-day = 最高 { $points } 分（{ $date }）
points-today = 今天 { $points } 分
points-all-time = 总计 { $points } 分
streak = 连续 { $days } 天
points-in = { $period }：{ $points } 分
points-so-far = { $period }：目前 { $points } 分
date = { NUMBER($year, useGrouping: "false") } 年 { $month } { $day } 日
date-of-week = { $date }{ $weekday }
week-from = { $date }起的一周
month-of = { NUMBER($year, useGrouping: "false") } 年 { $month }
month = { $month } 月
short-month = { $month }月
weekday =
    { $weekday ->
        [1] 星期一
        [2] 星期二
        [3] 星期三
        [4] 星期四
        [5] 星期五
        [6] 星期六
       *[7] 星期日
    }
now = 现在
# 图表的标题：玩家每天的得分，以及最近一分钟。
by-days = 按日
by-weeks = 按周
by-months = 按月
points-a-second = 每秒得分
minute-to-come = 最近一分钟的得分会显示在这里。
# 图表下方：距最近一点的时间。
seconds-ago = { $n } 秒前
latest = 最近

## 玩家的主页

about-player = 关于 { $name }
short-date = { $year }年{ $month }{ $day }日
short-day = { $month }{ $day }日
short-weekday =
    { $weekday ->
        [1] 周一
        [2] 周二
        [3] 周三
        [4] 周四
        [5] 周五
        [6] 周六
       *[7] 周日
    }
fact-points = 得分
fact-streak = 连续
fact-next = 下个成就
fact-best-day = 最佳一天
fact-best-hour = 最佳一小时
fact-races = 比赛
fact-sprint = 冲刺 { $seconds } 秒
fact-pace = 最近速度
points-and-today = { $points }，今天 { $today }
points-on = { $points }（{ $date }）
points-from = { $points }（{ $date } { $time }）
days-and-longest = { $days } 天，最长 { $longest } 天
best-sprint = { $presses } 次，{ $rate }/s（{ $date }）
won-of = 最近 { $raced } 场比赛胜 { $won } 场
curve-up-to = 最高 { $most }/s { $curve }
year-of-days = { $days } 天有得分
heat-less = 少
heat-more = 多
marks-of = 成就：{ $reached } / { $all }
marks-more = 另有 { $marks } 项
mark-first = 第一分
mark-day = 一天 { $points } 分
mark-hour = 一小时 { $points } 分
mark-week = 连续一周
mark-streak = 连续 { $days } 天
mark-all = 总分 { $points }
mark-sprint = 完成一次冲刺
mark-lengths = 每种时长都冲刺过
mark-second = 一秒 { $presses } 次
mark-beaten = 超过幻影 { $presses } 次
mark-won = 赢得一场比赛
mark-close = 以一次点击之差获胜
mark-to-go = { $mark }：还差 { $left }
mark-all-reached = 全部达成

## 分享

card-points = 分
card-promise = clickoff · 一次点击都不会丢
card-player = { $name } · { $points } 分
card-days = { $curve } 最近 { $days } 天
card-copied = 卡片已复制，可以随处粘贴。
card-copied-tmux = 如果 tmux 已开启 set-clipboard，卡片已复制，可以随处粘贴。
card-not-taken = 此终端不能复制：请在 shell 中用 `clickoff card` 输出卡片。
card-not-yet = 卡片尚未就绪：内容仍在读取中。
nobody-to-show = 未选中玩家，没有可显示的人。

## 选中玩家的数字

rank = 第 { $rank } 名
behind = { $rank } · 落后 { $name } { $points } 分
in-time = { $standing }，{ $time }
at-your-pace = { $standing }，照此速度{ $time }
level-with = { $rank } · 与 { $name } 持平
ahead = { $rank } · 领先 { $name } { $points } 分
about-seconds = 约 { $n } 秒
about-minutes = 约 { $n } 分钟
about-hours = 约 { $n } 小时
about-days = 要好几天
chaser = { $name } 正在追赶，还差 { $points } 分
now-and-best = 现在 { $now } · 最高 { $best }
now-at = 现在 { $now }

## 成就

milestone = { $score }！
and-others =
    { $others ->
        [0] { $name }
       *[other] { $name } 和另外 { $others } 人
    }
passed = 你超过了 { $who }。
passed-by = { $who } 超过了你。

## 冲刺

sprint = 冲刺
sprint-over = { $seconds } 秒冲刺
seconds = { $n } 秒
choice-best = 你的最佳 { $presses } 次
choice-no-best = 还没有成绩
get-ready = 准备：{ $seconds }
best-is = 你的最佳成绩是 { $presses } 次。
best-is-none = 还没有可以挑战的成绩。
best-is-unknown = 你的最佳成绩未知。
early-presses = 开始前的点击只计入得分。
time-left = 还剩 { $time }
duel-you = 你
duel-ghost = 幻影
duel-best = 你的最佳成绩是 { $presses } 次
duel-no-best = 还没有可以挑战的成绩
duel-best-unknown = 你的最佳成绩未知
duel-ahead = ▲ 领先最佳成绩 { $presses } 次
duel-behind = ▼ 落后最佳成绩 { $presses } 次
duel-level = = 与最佳成绩持平
rival-ahead = ▲ 领先 { $name } { $presses } 次
rival-behind = ▼ 落后 { $name } { $presses } 次
rival-level = = 与 { $name } 持平
stage-total = 总分 { $score }
gap-to-ghost = 对最佳成绩的领先幅度
gap-to = 对 { $name } 的领先幅度
pace-of-all = 每秒次数
up-to = { $what }，最高 { $most }
curves-to-come = 曲线马上开始。
best-second = 最快一秒 { $presses } 次
false-starts =
    { $presses ->
        [0] 没有抢跑
       *[other] 抢跑：{ $presses } 次
    }
presses-in = { $seconds } 秒 { $presses } 次：{ $rate }/s
sprint-saving = 正在保存…
sprint-keeping = 正在记录成绩…
nothing-to-keep = 没有点击，没有成绩可记录。
new-best = 新的最佳成绩！之前是 { $best } 次。
as-good-as-best = 与你的最佳成绩相同。
behind-best = 比你的最佳成绩 { $best } 次少 { $presses } 次。
first-over = 这是你在这个时长的首个成绩。
best-before-unknown = 你之前的最佳成绩未知。
result-unkept = 成绩未能记录：{ $why }
sprint-void = 作废：{ $why }。
presses-count = 其中的点击照常计入得分。
board-reading = 正在读取排行榜…
board-unread = 无法读取排行榜：{ $why }
board-no-room = 没有显示排行榜的空间。
board-over = { $seconds } 秒排行榜
board-empty = 还没有人
short-choice = 冲刺 { $seconds } 秒？
short-choice-best = 冲刺 { $seconds } 秒，最佳 { $best }
short-ready = 准备：{ $seconds }
short-saving = { $presses } 正在保存…
short-new-best = { $presses }：新的最佳
short-behind = { $presses }，最佳 { $best }
short-result = { $seconds } 秒 { $presses } 次
short-void = 作废：{ $why }
short-presses-count = 其中的点击计入得分。
board-needs = 排行榜需要 { $columns }x{ $rows }。
bars-need = 进度条需要 { $columns }x{ $rows }。

## 回放

replay = 回放 · { $what }
replay-of = 第 { $nth } 场，共 { $all } 场
replay-paused = 已暂停
replay-over = 结束
replay-scores-nothing = 回放不计分。
nothing-to-replay = 这里没有可以回放的内容。
replay-told = { $seconds } 秒内每秒的点击次数：
replay-lane = { $name } { $presses }：{ $seconds }
replay-where = 请先输入 sprint 或 race：可在选择时长时，或在一场结束之后回放。
short-replay = { $time }：{ $name } { $presses }

## 冲刺作废的原因，接在“作废：”之后；也用作退出比赛的原因

void-given-up = 中途放弃
void-suspended = 游戏被挂起
void-pasted = 有粘贴的点击
void-slept = 本机休眠过，或时钟被调整
void-player-gone = 该玩家已不在
void-link-lost = 与数据库的连接中断
void-refused = 有点击被拒绝
void-late = 点击未能及时保存

## 比赛

race = 比赛
race-over = { $seconds } 秒比赛
race-offered = { $name } 发起 { $seconds } 秒比赛
race-is-on = { $name } 的 { $seconds } 秒比赛正在进行
rematch-offered = { $name } 想再比一场 { $seconds } 秒
race-only-watched = 你正在观看这场比赛。
race-join = { $race }：按 { $key } 加入
race-watch = { $race }：按 { $key } 观看
race-choice = 10 秒后开始
race-entering = 正在等待数据库响应…
race-starts = { $seconds } 秒后开始
race-saving = 时间到：正在保存最后的点击…
race-left = 你退出了比赛：{ $why }。
race-link-lost = 与数据库的连接中断。
racer-left = 退出
racer-done = 完成
more-racers = 另有 { $racers } 人
left-with = 你已退出，成绩 { $presses } 次。
raced-alone = 你独自完成比赛：{ $presses } 次。
raced-alone-by = { $name } 独自完成比赛：{ $presses } 次。
race-shared = 并列第一：{ $presses } 次。
race-won = 你赢了！{ $presses } 次。
race-rank = { $racers } 人中第 { $rank } 名：{ $presses } 次。
race-won-by = { $name } 获胜：{ $presses } 次。
race-drawn = 并列第一。
last-races = 最近的比赛
last-races-reading = 正在读取最近的比赛…
last-races-unread = 无法读取最近的比赛：{ $why }
last-races-no-room = 没有显示最近比赛的空间。
last-races-empty = 还没有比赛
short-race-join = 按 { $key } 加入 { $name } 的比赛
short-race-watch = 按 { $key } 观看 { $name } 的比赛
short-race-choice = 比赛 { $seconds } 秒？
short-race-entering = 比赛…
short-race-starts = { $seconds } 秒后开始，{ $racers } 人参加
short-race-saving = 时间到，正在保存…
last-races-need = 最近的比赛需要 { $columns }x{ $rows }。
result-needs = 完整结果需要 { $columns }x{ $rows }。

## 看不到比赛的原因

race-missed = 比赛已经开始，或人数已满：请另外发起一场。
race-gone = 这场比赛已不存在。
race-unresolved = 没有等到结果：之后可能出现在最近的比赛中。

## 需要读的话

key-does-nothing = { $key } 在这里没有作用。
key-does-nothing-help = { $key } 在这里没有作用，按 { $help } 查看按键。
nothing-to-close = 没有打开的内容，按 { $key } 退出游戏。
sprint-left = 退出了游戏，冲刺作废，其中的点击照常计入得分。
nobody-to-press = 未选中玩家，因此不计分：请选择或添加一位玩家。
nobody-to-edit = 未选中玩家，没有可编辑的对象。
nobody-to-remove = 未选中玩家，没有可删除的对象。
nobody-to-sprint = 未选中玩家，没有人可以冲刺。
nobody-to-race = 未选中玩家，没有人可以比赛。
nobody-to-recall = 未选中玩家，没有历史可看。
may-not-add = 数据库不允许你添加玩家：请向其所有者申请权限。
may-not-edit = 数据库不允许你编辑玩家：请向其所有者申请权限。
may-not-remove = 数据库不允许你删除玩家：请向其所有者申请权限。
may-not-play = 数据库只允许你旁观，不能得分：请向其所有者申请权限。
watches-only = 你在这里只能旁观。
keeper-only = 只有服务器的管理者才能添加和删除玩家。
not-yours = 你只能更改自己的玩家。
no-player-yet = 你还没有玩家：请先添加自己。
key-needed = 在这里玩需要 ssh 密钥，RSA 密钥除外。生成密钥：ssh-keygen -t ed25519
not-invited = 此服务器只接受管理者已添加的密钥。
code-unknown = 此代码无效：每个代码只能用一次，且须在两分钟内使用。
code-is = 请在两分钟内，在另一台机器上用同样的命令、以此为用户名登录：ssh { $code }@…
key-without-player = 此密钥还没有玩家：请先不用“code”登录并添加自己。
key-joined = 从现在起，此密钥也为 { $name } 得分。
key-welcome = 欢迎，{ $name }：此密钥现在为你得分。要添加另一台机器的密钥：ssh code@…
server-full = 现在没有空位了：请稍后再试。
server-ends = 服务器正在停止：一切都已保存。
session-failed = 由于 clickoff 的错误，此会话已中断；显示为已保存的都已保存。
no-commands-far = 这里只有游戏：没有命令、文件或转发。
idle-soon = 很久没有按键：此会话将在一分钟后结束。
idle-too-long = 很久没有按键：会话已结束。
server-keeps = { $presses } 次点击在服务器上等待，数据库恢复后即会保存。
stops-nothing-far = 游戏在服务器上运行。要挂起 ssh 本身：先按回车，再按 ~ 和 Ctrl-Z。
mouse-ours = 鼠标重新用于游戏。
mouse-theirs = 鼠标已交给终端：可以随意选择文字。
theme-alone = 已设置 NO_COLOR，不使用颜色的主题只有一个。
theme-now = 主题 { $name }，仅限本次运行。
theme-kept = 主题 { $name }，已保存到 { $path }。
theme-kept-behind = 主题 { $name }，已保存到 { $path }。只有去掉 { $by }，下次启动才会用它。
theme-unkept = 主题 { $name }，仅限本次运行：无法写入 { $path }：{ $why }。
still-adding = 请稍等：正在添加 { $name }。
still-changing = 请稍等：上一次修改仍在进行。
sprint-offline = 冲刺需要数据库，现在连接不上。
race-offline = 比赛需要数据库，现在连接不上。
no-race-open = 现在没有比赛：请自己发起一场。
sprint-unkept = 冲刺成绩未能记录：{ $why }
sprint-not-believed = 数据库在那段时间里没有记下本局这么多次点击。
history-unread = 无法读取得分历史。{ $why }
kept-saved = 上次暂存的点击现在已保存。
removed-by-other = { $name } 已被其他人删除。请选择另一位玩家继续。
removed = 已删除 { $name }。
some-player = 该玩家
nameless-player = 一位无名玩家
not-added = 未能添加 { $name }：{ $why }
not-changed = 未能修改 { $name }：{ $why }
not-removed = 未能删除玩家：{ $why }
for-nobody = 其间的 { $presses } 次点击不属于任何玩家。
not-added-in-time = 未能及时添加 { $name }
no-such-player = 没有名为 { $name } 的玩家。
not-counted = { $presses } 次点击未计入：{ $why }
look-whether-done = 请查看列表，确认是否已经生效。
kept-unreadable = 无法读取暂存在 { $path } 的点击（{ $why }），文件保留在原处。
held-once = 按住不放只得一分：请松开再按。
held-counts = 像是按住了按键；在这里每次重复都计分。
over-rate = { $presses } 分超出了此数据库每秒 { $limit } 分的上限。
over-rate-before = { $presses } 分超出了此数据库当时的上限。
kept-over-rate = 上次暂存的 { $presses } 分超出了此数据库每秒 { $limit } 分的上限。
kept-over-rate-before = 上次暂存的 { $presses } 分超出了此数据库当时的上限。
kept-forgotten = 很久以前暂存的 { $presses } 次点击没有计入：数据库在 90 天后不再保留其记录，无法得知它们是否已经计入。文件保留在原处。
server-forgot = 服务器丢失了 { $presses } 次已保存的点击；正在重新保存。
restored = 数据库已从备份恢复，备份中没有本局的 { $presses } 次点击；游戏从那里继续。

## 文件中的错误；前面是第一处错误的原文

more-in-log = （日志中还有 { $mistakes } 处。）
theme-left-out = 改正之前不使用这个主题。
default-keys-hold = 改正之前使用默认按键。
default-theme-used = 已改用默认主题。

## 结束语

part-failed = clickoff 的一部分出了故障，这是程序的错误（{ $panic }）。
worker-gone = clickoff 负责保存点击的部分意外终止，这是程序的错误。
screen-failed = 屏幕显示出了故障，这是 clickoff 的错误。点击已像退出时一样保存。
# 退出时的总结，共两行。$best：一秒内的点击次数。
session-points = { $name }：这次得 { $points } 分。
session-points-and-best = { $name }：这次得 { $points } 分，最快 { $best }/s。
session-others = 为其他玩家得 { $points } 分。
session-rank = 第 { $rank } 名，共 { $players } 人
session-rank-moved = 第 { $from } 名 → 第 { $to } 名
session-passed = { $rank }；超过了 { $who }
both = { $one } 和 { $two }
kept-for-later = { $presses } 次点击尚未保存到 { $place }：已暂存在本机，下次用这个数据库启动时保存。
lost = { $presses } 次点击既未能保存到 { $place }，也未能暂存在本机：{ $why }。
void-at-end = 退出了游戏，冲刺作废。

## 逐行模式（没有屏幕界面时）

lines-begin = clickoff，{ $place }，逐行模式。按 Enter 得一分，输入 help 查看所有命令。
lines-since-dumb = TERM 为 dumb，因此以逐行模式进行游戏。
lines-first-player = 还没有玩家。第一位玩家是谁？
lines-new-here = 还不会计分：输入 `add` 添加自己，或输入编号或名字选中自己。
list-heading = { $title }：{ $players }
list-row = { $number }. { $name }：{ $points } 分
list-goes-on = 已显示 { $shown } / { $all }，输入 list { $next } 继续。
picked = 已选中 { $name }：{ $points } 分。
score-saved = { $name }：{ $points }，已保存。
score-saving = { $name }：{ $points }，正在保存 { $presses } 次。
answers-again = 数据库已恢复响应。
new-players = 新玩家：{ $who }。
leads-now = { $name } 现在以 { $points } 分领先。
quiet-on = 安静：不再播报其他玩家的动态。
quiet-off = 重新播报其他玩家的动态。
ask-name = 名字？只输入一个句点则取消。
ask-name-or = 名字？按 Enter 使用 { $name }，只输入一个句点则取消。
ask-email = 邮箱？可不填，按 Enter 跳过。
ask-email-or = 邮箱？按 Enter 保留 { $email }，只输入一个减号则清除。
ask-namesake = yes 选中该玩家，add 添加另一位同名玩家，其他输入则取消。
ask-yes-or-no = 是（yes）还是否（no）？
ask-seconds = 多少秒（{ $seconds }）？输入其他内容则取消。
nothing-asked = 现在没有需要回答的问题。
nothing-done = 没有任何改动。
changed = 已修改 { $name }。
no-such-word = 没有名为“{ $word }”的命令或玩家：help 列出命令，list 列出玩家。
word-meant = 没有名为“{ $word }”的命令或玩家，是否想输入 { $meant }？
no-such-number = 列表中没有第 { $number } 号。
several-players = “{ $word }”可能是 { $players } 位玩家，请用编号选择：
takes-nothing = { $word } 后面不能有其他内容。
takes-one-of = { $word } 后面可用：{ $these }。
takes-number = { $word } 后面需要从 1 开始的编号。
no-screen-for-that = 该命令只用于屏幕界面，逐行模式下不可用。
press-by-spaces = 一次点击得一分。输入若干空格再按 Enter：每个空格得一分。
line-too-long = 这一行太长，未予处理。
sprint-begins = { $name } 的 { $seconds } 秒冲刺：每按一次 Enter 算一次点击，输入 stop 放弃。
sprint-go = 开始！
sprint-so-far = { $left }：目前 { $presses } 次。
sprint-ahead = 领先最佳成绩 { $presses } 次。
sprint-behind = 落后最佳成绩 { $presses } 次。
sprint-level = 与最佳成绩持平。
sprint-is-on = 冲刺进行中：按 Enter 点击，输入 stop 放弃。
nothing-is-on = 现在没有冲刺，也没有比赛。
over-length = { $seconds } 秒：{ $what }
race-to-join = { $race }：输入 join 参加。
race-to-watch = { $race }：输入 join 观看。
race-begins = { $name } 的 { $seconds } 秒比赛将在 { $wait } 秒后开始：每按一次 Enter 算一次点击，输入 stop 放弃。
race-watched = 正在观看 { $name } 发起的 { $seconds } 秒比赛，输入 stop 停止观看。
racers-now = 参赛的还有：{ $who }。
race-row = { $rank }. { $name }：{ $presses } 次
race-is-yours = 比赛进行中：按 Enter 点击，输入 where 播报赛况，输入 stop 放弃。
race-is-theirs = 正在观看比赛：输入 where 播报赛况，输入 stop 停止观看。
help-row = { $word }：{ $does }
help-enter = 只按 Enter：为选中的玩家得一分
help-spaces = 空格加 Enter：每个空格得一分
help-answers = 列表中的编号或玩家的名字：选中该玩家
does-list = 从某个编号起列出玩家
does-where = 播报选中玩家的名次和状态；比赛时播报赛况
does-pick = 按编号或名字选择玩家
does-pick-above = 选择上一位玩家
does-pick-below = 选择下一位玩家
does-pick-first = 选择第一位玩家
does-pick-last = 选择最后一位玩家
does-filter-line = 只列出名字或邮箱含有该文字的玩家；不带文字则恢复全部
does-stop = 放弃冲刺或比赛，或停止观看
does-quiet = 不播报其他玩家的动态，或恢复播报
does-card-lines = 输出可分享的卡片：玩家，或冲刺、比赛的结果
does-replay-lines = 冲刺或比赛之前或之后：列出每秒的点击次数
does-words = 列出这些命令
lines-undone = 有 { $lines } 行未执行，因为无法打开数据库。
lines-end = 已退出，所有点击均已保存。

## 页脚中按键后的词

hint-score = 得分
hint-new = 新建
hint-edit = 编辑
hint-remove = 删除
hint-filter = 筛选
hint-period = 时段
hint-history = 历史
hint-sprint = 冲刺
hint-race = 比赛
hint-about = 我
hint-card = 复制卡片
hint-keys = 按键
hint-start = 开始
hint-shorter = 更短
hint-longer = 更长
hint-open = 发起
hint-close = 关闭
hint-again = 再来
hint-end = 结束
hint-rematch = 再比一场
hint-replay = 回放
hint-pause = 暂停
hint-from-start = 从头
hint-keep-filter = 保留
hint-clear = 清除
hint-save = 保存
hint-next-field = 下一项
hint-email = 邮箱
hint-cancel = 取消
hint-pick-namesake = 是我
hint-add-another = 另加一位
hint-back = 返回
hint-keep-player = 保留
hint-earlier = 更早
hint-later = 更晚
hint-units = 日、周、月
hint-keep-theme = 保留
hint-leave-now = 立即退出
hint-quit = 退出

## 按键表中按键的作用

does-score = 得一分
does-up = 向上
does-down = 向下
does-page-up = 上一页
does-page-down = 下一页
does-first = 到第一个
does-last = 到最后一个
does-add = 添加玩家
does-edit = 编辑名字和邮箱
does-remove = 删除选中的玩家
does-filter = 边输入边筛选列表
does-period = 换一个时段排名
does-history = 逐日查看得分
does-about = 选中玩家的主页
does-card = 复制可分享的卡片
does-sprint = 与时间赛跑
does-race = 与其他人比赛
does-join = 加入或观看比赛
does-help = 显示所有按键
does-start = 开始倒计时
does-shorter = 更短的冲刺
does-longer = 更长的冲刺
does-close-choice = 回到列表
does-score-in-sprint = 得一分
does-again = 结束后再冲刺一次
does-end-sprint = 放弃，或返回列表
does-open-race = 发起比赛，10 秒后开始
does-shorter-race = 更短的比赛
does-longer-race = 更长的比赛
does-score-in-race = 得一分
does-race-again = 再比一场
does-replay = 观看回放
does-pause = 暂停或继续
does-from-start = 从头开始
does-replay-earlier = 更早的一场
does-replay-later = 更晚的一场
does-close-replay = 关闭回放
does-end-race = 放弃，或返回列表
does-keep-filter = 保留筛选并回到按钮
does-clear-filter = 清除筛选
does-save = 保存输入的内容
does-next-field = 到下一项
does-previous-field = 到上一项
does-cancel = 不保存并关闭
does-pick-namesake = 选中已有的玩家
does-add-another = 添加另一位同名玩家
does-back-to-form = 回到表单
does-remove-yes = 是，删除该玩家
does-remove-no = 否，保留该玩家
does-close-table = 关闭本表
does-earlier = 往前一天、一周或一月
does-later = 往后一天、一周或一月
does-step-back = 往前 7 个
does-step-forth = 往后 7 个
does-leap-back = 往前 30 个
does-leap-forth = 往后 30 个
does-to-beginning = 到最早
does-to-today = 到今天
does-units = 按日、周或月显示
does-close-history = 关闭历史
does-close-about = 关闭主页
does-keep-theme = 保留这个主题
does-theme-up = 换上面的主题
does-theme-down = 换下面的主题
does-theme-first = 到第一个主题
does-theme-last = 到最后一个主题
does-leave-themes = 恢复原来的主题
does-leave-now = 立即退出，以后再保存
does-mouse = 把鼠标交给终端，或收回
does-theme = 选择主题
does-redraw = 重画整个屏幕
does-quit = 退出，先保存所有点击
does-back = 清除筛选
does-quit-anywhere = 从任何地方退出
does-suspend = 挂起；用 fg 恢复

## 存储可能出的问题；$why 是数据库或系统的原话

store-busy = { $place } 被另一个程序锁定。
store-lost = { $place } 的连接中断（{ $why }）。
store-away = 无法连接 { $place }（{ $why }）。
store-held = { $place } 此刻不接受写入：{ $by }。
store-behind = { $place } 所在服务器上的数据较旧（{ $why }）：此后保存的内容可能不在那里。
store-full = { $place } 所在的磁盘已满：腾出空间后会继续。
store-read-only = 无法写入 { $place }：{ $why }。请允许写入该文件及其目录。
store-standby = { $place } 目前不接受写入：它是另一台服务器的副本，或被设为只读。请连接主服务器。
store-forbidden = { $place } 不允许该用户这样做（{ $why }）：请联系数据库的所有者。
store-missing = { $place } 缺少 clickoff 建立的一部分（{ $why }）：请让数据库的所有者用 `clickoff verify` 检查。
store-device = 无法读写 { $place }（{ $why }）：请检查磁盘。
store-gone = 该玩家已不在。
store-forgotten = 数据库已有 90 天没有收到此客户端的消息，不再保留其记录，因此无法得知这些点击是否已计入。
store-score-full = 得分已达到数据库中该列的上限。
store-rejected = 数据库拒绝了：{ $why }。
store-unusable = 无法打开 { $place }：{ $why }
store-replaced = { $place } 在游戏运行时被移走或替换。请放回原处，或重新启动，使用现在的文件。
store-not-a-database = { $place } 不是 SQLite 数据库。请用 --database 指定另一个文件。
store-damaged = { $place } 已损坏（{ $why }）。文件未被改动：请恢复备份，或用 `sqlite3 FILE .recover` 尽量抢救。
store-foreign = { $place } 是另一个程序的数据库（{ $why }）。请指定另一个。
store-newer = { $place } 由更新版本的 clickoff 创建（其结构含有“{ $name }”）。请使用该版本，或另一个数据库。
store-unreleased = { $place } 由 clickoff 的开发版本创建，其数据表与现在不同。请用该版本的 `clickoff export --format csv` 导出玩家，再用 `clickoff import` 导入新的数据库。
store-overruled = 数据库改动了写入的内容，因此没有保存任何部分：{ $why }。
store-restored = 这些点击在途中时，数据库从备份恢复了：无法得知备份中是否已有它们。
store-unread = 无法读取 { $place } 返回的内容（{ $why }）。
store-faulty = { $place } 返回了数据库服务器不会返回的内容，驱动程序因此出错：请检查该服务器由谁运行。
store-other = { $place } 返回错误（{ $why }）：请联系数据库的管理者。
