-- The platforms' memory. Times are seconds since the epoch on the virtual clock; days are ISO dates in +08:00.
create table if not exists setting (key text primary key, value text not null);
create table if not exists counter (name text primary key, value integer not null);
create table if not exists account (
  platform text not null, app_id text not null, profile text not null, created_at real not null,
  primary key (platform, app_id));
create table if not exists fault (
  id integer primary key autoincrement, platform text not null, path text not null, app_id text not null,
  effect text not null, params text not null, remaining integer, rate real);
create table if not exists fault_dealt (
  platform text not null, effect text not null, code integer not null, count integer not null,
  primary key (platform, effect, code));
create table if not exists call_count (
  platform text not null, path text not null, count integer not null, primary key (platform, path));
create table if not exists job (
  id integer primary key autoincrement, kind text not null, payload text not null, run_at real not null,
  state text not null default 'waiting', lane text not null default '');
create index if not exists job_due on job (state, run_at);

create table if not exists wx_token (
  token text primary key, app_id text not null, family text not null, issued_at real not null,
  expires_at real not null, replaced_at real);
create table if not exists wx_quota (
  app_id text not null, path text not null, day text not null, used integer not null,
  primary key (app_id, path, day));
create table if not exists wx_image (name text primary key, app_id text not null, content_type text not null);
create table if not exists wx_material (
  media_id text primary key, app_id text not null, type text not null, name text not null,
  image text not null, updated_at real not null);
create table if not exists wx_draft (
  media_id text primary key, app_id text not null, articles text not null, created_at real not null,
  updated_at real not null, publish_id integer);
create table if not exists wx_publish (
  publish_id integer primary key, app_id text not null, msg_data_id integer not null, article_id text not null,
  media_id text not null, status integer not null, outcome integer not null, fail_idx text not null,
  created_at real not null);
create table if not exists wx_article (
  mid integer not null, idx integer not null, app_id text not null, article_id text not null, sn text not null,
  article text not null, notified integer not null, comments_open integer not null,
  deleted integer not null default 0, published_at real not null, how text not null default 'freepublish',
  media_id text not null default '', primary key (mid, idx));
create index if not exists wx_article_id on wx_article (article_id);
create table if not exists wx_event (
  mid integer not null, idx integer not null, kind text not null, day text not null, fan text not null,
  scene text not null);
create index if not exists wx_event_article on wx_event (mid, idx, kind);
create table if not exists wx_fan (
  openid text primary key, app_id text not null, nickname text not null, followed_on text, left_on text,
  followed_at real, tags text not null default '[]');
create table if not exists wx_comment (
  mid integer not null, idx integer not null, id integer not null, openid text not null, content text not null,
  elected integer not null default 0, deleted_by text, reply text, replied_at real, created_at real not null,
  primary key (mid, idx, id));
create table if not exists wx_message (
  id integer primary key autoincrement, app_id text not null, openid text not null, from_fan integer not null,
  content text not null, created_at real not null, link text not null default '');
create table if not exists wx_window (
  openid text not null, kind text not null, opened_at real not null, used integer not null,
  primary key (openid, kind));
create table if not exists wx_mass (
  msg_id integer primary key, app_id text not null, msg_data_id integer not null, msgtype text not null,
  media_id text not null, content text not null, to_all integer not null, recipients text not null,
  state text not null, result text not null, sent integer not null default 0, created_at real not null);
create table if not exists wx_clientmsgid (
  app_id text not null, clientmsgid text not null, msg_id integer not null, created_at real not null,
  tried_at real not null, primary key (app_id, clientmsgid));
create table if not exists wx_menu (app_id text primary key, menu text not null);
create table if not exists wx_ticket (
  app_id text primary key, ticket text not null, expires_at real not null);
create table if not exists wx_temporary (
  media_id text primary key, app_id text not null, image text not null, created_at real not null);
create table if not exists wx_rid (
  rid text primary key, app_id text not null, request text not null, created_at real not null);
create table if not exists wx_callback (
  id integer primary key autoincrement, app_id text not null, event text not null, xml text not null,
  openid text not null, state text not null default 'waiting', attempts integer not null default 0,
  answer text not null default '', created_at real not null);

create table if not exists wb_token (
  token text primary key, app_id text not null, uid text not null, created_at real not null,
  expires_at real not null, revoked integer not null default 0);
create table if not exists wb_code (
  code text primary key, app_id text not null, redirect_uri text not null, used integer not null default 0,
  created_at real not null);
create table if not exists wb_call (app_id text not null, path text not null, made_at real not null);
create table if not exists wb_ip_hour (
  ip text not null, hour integer not null, used integer not null, primary key (ip, hour));
create index if not exists wb_call_recent on wb_call (app_id, made_at);
create table if not exists wb_status (
  id integer primary key, uid text not null, text text not null, picture text, content_type text,
  reposts integer not null default 0, created_at real not null, visible_at real not null default 0);
create table if not exists wb_like (status_id integer not null, fan text not null, primary key (status_id, fan));
create table if not exists wb_comment (
  id integer primary key, status_id integer not null, uid text not null, text text not null, reply_to integer,
  deleted integer not null default 0, created_at real not null);
create table if not exists wb_fan (uid text primary key, nickname text not null);
